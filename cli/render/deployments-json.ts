import { type Deployment, severityOf } from '../deployments.ts'
import { EXIT } from '../exit-codes.ts'
import { statusJson } from './status-json.ts'

/** `status --all --json`: worst first; `status` as of one deployment, or null with the reason. */
export const deploymentsJson = (deployments: readonly Deployment[]) => ({
  deployments: deployments.map((deployment) => ({
    name: deployment.name,
    needsAttention: severityOf(deployment) !== EXIT.done,
    failure: 'failure' in deployment ? deployment.failure : null,
    status: 'status' in deployment ? statusJson(deployment.status) : null,
  })),
})
