import { useEffect, useState } from 'react';

const SETTLE_MS = 90;

/** The value once it stays: holding j must not ask for everything on the way. The first comes at once. */
export function useSettled<T>(value: T | undefined): T | undefined {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const t = setTimeout(() => setSettled(value), settled === undefined ? 0 : SETTLE_MS);
    return () => clearTimeout(t);
  }, [value]);
  return settled;
}
