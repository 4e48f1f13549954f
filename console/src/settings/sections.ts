import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

/** One part of a tenant's settings: a page of its own feature, loaded when it is opened. */
export type Section = { id: string; label: string; needs: string; Body: LazyExoticComponent<ComponentType> };

export const SECTIONS: readonly Section[] = [
  { id: 'notifications', label: 'Notifications', needs: 'notifications:read', Body: lazy(() => import('../notify/ChannelSettings')) },
  { id: 'intel', label: 'Intelligence services', needs: 'intel:read', Body: lazy(() => import('../intel/ServiceSettings')) },
  { id: 'case-targets', label: 'Case targets', needs: 'cases:read', Body: lazy(() => import('../cases/TargetSettings')) },
  { id: 'response', label: 'Response', needs: 'actions:read', Body: lazy(() => import('../actions/ResponseSettings')) },
  { id: 'connectors', label: 'Connectors', needs: 'connectors:read', Body: lazy(() => import('../connectors/ConnectorSettings')) },
  { id: 'models', label: 'Model', needs: 'models:read', Body: lazy(() => import('../models/ModelSettings')) },
];
