import { accessRules } from './access-rules.ts'
import { alertRules } from './alert-rules.ts'
import { formRules } from './form-rules.ts'
import { nameRules } from './name-rules.ts'
import { networkRules } from './network-rules.ts'
import { platformRules } from './platform-rules.ts'
import { roleRules } from './role-rules.ts'
import { secretRules } from './secret-rules.ts'
import { settingRules } from './setting-rules.ts'
import { tenantRules } from './tenant-rules.ts'
import type { Rule } from './world.ts'

/** Everything that must hold of the infrastructure, by chapter. */
export const RULES: Readonly<Record<string, readonly Rule[]>> = {
  'form of the files': formRules,
  'transport, keys and public access': accessRules,
  secrets: secretRules,
  'private networking': networkRules,
  'who may what': roleRules,
  'app settings': settingRules,
  'names shared with the program': nameRules,
  'platform and archive': platformRules,
  alarms: alertRules,
  'the diagnostic setting of the tenant': tenantRules,
}
