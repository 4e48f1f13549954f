/* Deep imports: the package's barrel costs seconds of every build. */
declare module '@tabler/icons-react/dist/esm/icons/*.mjs' {
  const Icon: import('react').ComponentType<{ size?: number | string; stroke?: number; className?: string; 'aria-hidden'?: boolean }>;
  export default Icon;
}
