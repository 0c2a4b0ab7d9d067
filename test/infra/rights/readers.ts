/** Somebody whom the documents tell to do something. */
export interface Person {
  /** Roles that the documents give them, or tell them to have. */
  readonly roles: readonly string[]
  /** Page and section that say so: every role stands there. */
  readonly saidIn: readonly [string, string]
}

const BEFORE = ['docs/deploy.md', 'Before'] as const
const TABLE = ['docs/deploy.md', 'Who may do what'] as const
const TENANT = ['docs/deploy.md', 'Rights for the tenant step'] as const

export const PEOPLE = {
  deployer: { roles: ['Owner'], saidIn: BEFORE },
  tenant: { roles: ['Security Administrator', 'Contributor'], saidIn: BEFORE },
  globalAdministrator: {
    roles: ['Global Administrator', 'Microsoft.Resources/deployments/*'],
    saidIn: TENANT,
  },
  operator: {
    roles: ['Key Vault Secrets Officer', 'Log Analytics Reader', 'Storage Blob Data Reader'],
    saidIn: TABLE,
  },
  auditor: { roles: ['Storage Blob Data Reader', 'Log Analytics Reader'], saidIn: TABLE },
  graphAdministrator: {
    roles: ['Privileged Role Administrator', 'Global Administrator'],
    saidIn: ['docs/graph.md', 'Enable reconciliation'],
  },
  playbookAdministrator: {
    roles: ['Privileged Role Administrator', 'User Access Administrator', 'Reader'],
    saidIn: ['docs/siem/sentinel.md', 'Playbooks'],
  },
  responder: {
    roles: [
      'Cloud Application Administrator',
      'Privileged Role Administrator',
      'Reader',
      'Key Vault Secrets Officer',
    ],
    saidIn: ['docs/investigate.md', ''],
  },
} as const satisfies Readonly<Record<string, Person>>

type Who = keyof typeof PEOPLE

/** Who runs what stands in a file, or, where a section says so, there; `asks`: roles that the section itself asks for. */
export interface Place {
  readonly file: string
  readonly section?: string
  readonly who: Who
  readonly asks?: readonly string[]
}

export const PLACES: readonly Place[] = [
  { file: 'README.md', who: 'deployer' },
  { file: 'SECURITY.md', who: 'operator' },
  { file: 'docs/deploy.md', who: 'deployer' },
  {
    file: 'docs/deploy.md',
    section: '5. See the first event',
    who: 'deployer',
    asks: ['Application Administrator'],
  },
  { file: 'docs/deploy.md', section: 'Rights for the tenant step', who: 'globalAdministrator' },
  { file: 'docs/operations.md', who: 'operator' },
  { file: 'docs/operations.md', section: 'A partition stands still', who: 'deployer' },
  { file: 'docs/evidence.md', section: 'Keys', who: 'operator', asks: ['Key Vault Crypto Officer'] },
  { file: 'docs/archive-format.md', who: 'auditor' },
  { file: 'docs/auditors.md', who: 'auditor' },
  { file: 'docs/auditors.md', section: 'With our command', who: 'auditor', asks: ['Reader'] },
  { file: 'docs/cli.md', who: 'operator' },
  { file: 'docs/cli.md', section: 'Choose the app', who: 'operator', asks: ['Website Contributor'] },
  { file: 'docs/cli.md', section: 'verify', who: 'auditor', asks: ['Reader'] },
  { file: 'docs/graph.md', who: 'graphAdministrator' },
  { file: 'docs/investigate.md', who: 'responder' },
  { file: 'docs/try-it.md', who: 'operator', asks: ['Website Contributor'] },
  { file: 'infra/azd-package.sh', who: 'deployer' },
  { file: 'infra/deploy-package.sh', who: 'deployer' },
  { file: 'infra/lock-archive.sh', who: 'deployer' },
  { file: 'infra/rotate-hub-keys.sh', who: 'deployer' },
  { file: 'infra/wait-for-references.sh', who: 'deployer' },
  { file: 'docs/siem/sentinel.md', who: 'deployer' },
  { file: 'infra/sentinel/grant-playbook.sh', who: 'playbookAdministrator' },
  { file: 'infra/tenant/diagnostic-setting.sh', who: 'tenant' },
  { file: '.github/workflows/infra.yml', who: 'deployer' },
  { file: '.github/workflows/release.yml', who: 'deployer' },
]
