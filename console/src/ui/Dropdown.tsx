import { Menu, type MenuProps } from '@mantine/core';

/** A menu within the page's landmarks whose first item has the focus; Mantine's placeholder for that is no child that a menu may have. */
export const Dropdown = (props: MenuProps) => <Menu shadow="md" withinPortal={false} withInitialFocusPlaceholder={false} transitionProps={{ duration: 0 }} {...props} />;
