/** ATT&CK tactics as Sentinel writes them. */
export const TACTICS = new Set(
  (
    'Reconnaissance ResourceDevelopment InitialAccess Execution Persistence PrivilegeEscalation DefenseEvasion ' +
    'CredentialAccess Discovery LateralMovement Collection Exfiltration CommandAndControl Impact'
  ).split(' '),
)

/**
 * Tactics of the techniques that we use, from https://attack.mitre.org (v13, the version that
 * Sentinel knows).
 */
export const TACTICS_OF: Readonly<Record<string, readonly string[]>> = {
  T1078: ['DefenseEvasion', 'Persistence', 'PrivilegeEscalation', 'InitialAccess'],
  T1087: ['Discovery'],
  T1090: ['CommandAndControl'],
  T1098: ['Persistence', 'PrivilegeEscalation'],
  T1114: ['Collection'],
  T1484: ['DefenseEvasion', 'PrivilegeEscalation'],
  T1526: ['Discovery'],
  T1528: ['CredentialAccess'],
  T1530: ['Collection'],
  T1550: ['DefenseEvasion', 'LateralMovement'],
  T1552: ['CredentialAccess'],
  T1556: ['CredentialAccess', 'DefenseEvasion', 'Persistence'],
  T1562: ['DefenseEvasion'],
}

/** Tactics of a technique or sub-technique; empty for one that we do not know. */
export const tacticsOf = (technique: string): readonly string[] => TACTICS_OF[technique.slice(0, 5)] ?? []
