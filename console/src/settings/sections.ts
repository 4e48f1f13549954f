import { type ComponentType, type LazyExoticComponent } from 'react';

/** One part of a tenant's settings: a page of its own feature, loaded when it is opened. */
export type Section = { id: string; label: string; needs: string; Body: LazyExoticComponent<ComponentType> };

/** As `{ id: 'models', label: 'Model', needs: 'models:read', Body: lazy(() => import('../models/ModelSettings')) }`. */
export const SECTIONS: readonly Section[] = [];
