import type { Route } from './route.ts'
import type { Tenant } from './tenant.ts'

/** Entra's diagnostic settings, which Azure Resource Manager has, not Microsoft Graph. */
export const diagnosticSettingsRoute = (tenant: Tenant): Route => ({
  method: 'GET',
  versions: ['providers'],
  path: 'microsoft.aadiam/diagnosticSettings',
  permissions: ['microsoft.aadiam/diagnosticSettings/read'],
  answer: () => ({ value: tenant.all('diagnosticSettings') }),
})
