import { createTheme, type MantineColorsTuple } from '@mantine/core';

const indigo: MantineColorsTuple = ['#eef1ff', '#dbe1ff', '#b6c1fb', '#8ea0f6', '#7186f0', '#5b73ea', '#4a62dd', '#3b4fc4', '#3345ab', '#293993'];

export const theme = createTheme({
  fontFamily: "'Inter Variable', Inter, 'Segoe UI', system-ui, -apple-system, 'Noto Sans', 'Liberation Sans', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono', ui-monospace, 'Cascadia Mono', Menlo, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '18px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  colors: { indigo },
  primaryColor: 'indigo',
  primaryShade: 7,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
});
