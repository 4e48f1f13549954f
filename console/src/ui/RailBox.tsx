import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useKeys } from './keys';

const KEY = 'marsad-rail';
const LEAST = 340;
const MOST = 900;
const STEP = 40;
const bound = (n: number) => Math.max(LEAST, Math.min(MOST, window.innerWidth * 0.7, Math.round(n)));

/** The right side; its width is the reader's and is kept. */
export function RailBox({ children }: { children: ReactNode }) {
  const [width, setWidth] = useState(() => bound(Number(localStorage.getItem(KEY)) || Math.min(560, Math.max(420, window.innerWidth * 0.32))));
  const from = useRef<{ x: number; width: number }>(undefined);
  const set = (n: number) => setWidth(bound(n));
  useEffect(() => localStorage.setItem(KEY, String(width)), [width]);
  useKeys([
    { keys: ['['], label: 'Wider details', group: 'View', run: () => set(width + STEP) },
    { keys: [']'], label: 'Narrower details', group: 'View', run: () => set(width - STEP) },
  ]);
  const key = (e: KeyboardEvent) => {
    const d = e.key === 'ArrowLeft' ? STEP : e.key === 'ArrowRight' ? -STEP : 0;
    if (d !== 0) {
      e.preventDefault();
      set(width + d);
    }
  };
  const drag = (e: PointerEvent<HTMLDivElement>) => {
    if (e.type === 'pointerdown') {
      e.currentTarget.setPointerCapture(e.pointerId);
      from.current = { x: e.clientX, width };
    } else if (e.type === 'pointermove' && from.current) set(from.current.width + from.current.x - e.clientX);
    else if (e.type === 'pointerup') from.current = undefined;
  };
  return (
    <div className="railbox" style={{ width }}>
      <div className="grip" role="separator" aria-orientation="vertical" aria-label="Width of the details" aria-valuenow={width} aria-valuemin={LEAST} aria-valuemax={MOST} tabIndex={0} onKeyDown={key} onPointerDown={drag} onPointerMove={drag} onPointerUp={drag} />
      {children}
    </div>
  );
}
