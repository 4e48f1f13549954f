import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { MoonIcon, SunIcon, SystemIcon } from './icons';

export const SCHEME_KEY = 'marsad-scheme';
const NEXT: Record<MantineColorScheme, MantineColorScheme> = { auto: 'dark', dark: 'light', light: 'auto' };
const LABEL: Record<MantineColorScheme, string> = { auto: 'as the system', dark: 'dark', light: 'light' };
const ICON = { auto: SystemIcon, dark: MoonIcon, light: SunIcon };

/** The chosen colours: the system's, dark or light, in this order. */
export function useScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return { scheme: colorScheme, label: LABEL[colorScheme], Icon: ICON[colorScheme], next: () => setColorScheme(NEXT[colorScheme]), set: setColorScheme };
}
