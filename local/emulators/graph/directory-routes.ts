import type { Route } from './route.ts'
import type { Tenant } from './tenant.ts'

export function directoryRoutes(_tenant: Tenant, _pageSize: number): readonly Route[] {
  return []
}
