import type { JsonObject } from '../json.ts'

/** An object as Microsoft Graph answers it. */
export interface GraphObject extends JsonObject {
  readonly id: string
}

export type EntitySet =
  | 'servicePrincipalRiskDetections'
  | 'riskyServicePrincipals'
  | 'agentRiskDetections'
  | 'riskyAgents'
  | 'servicePrincipals'
  | 'applications'
  | 'appRoleAssignments'
  | 'oauth2PermissionGrants'
  | 'roleAssignments'
  | 'roleDefinitions'
  | 'conditionalAccessPolicies'
  | 'organization'
  | 'users'
  | 'diagnosticSettings'

/** What an object has of its own. */
export type ChildSet = 'history' | 'owners' | 'sponsors' | 'federatedIdentityCredentials'

export interface RiskCause {
  readonly activity: JsonObject | null
  /** Object id of who decided; null: the service. */
  readonly initiatedBy: string | null
}

/** What is in a tenant: each entity set in the order in which it was filled. */
export class Tenant {
  readonly #sets = new Map<EntitySet, Map<string, GraphObject>>()
  readonly #children = new Map<string, readonly GraphObject[]>()
  readonly #enriched = new Map<string, GraphObject>()
  #historyItems = 0

  all(set: EntitySet): readonly GraphObject[] {
    return [...this.#set(set).values()]
  }

  get(set: EntitySet, id: string): GraphObject | undefined {
    return this.#set(set).get(id)
  }

  /** @param key id of an object, or `appId=` and its application id */
  find(set: EntitySet, key: string): GraphObject | undefined {
    const appId = /^appId=(.*)$/.exec(key)?.[1]
    return appId === undefined
      ? this.get(set, key)
      : this.all(set).find((object) => object['appId'] === appId)
  }

  /** Adds an object, or puts it in the place of the one with its id. */
  put(set: EntitySet, ...objects: readonly GraphObject[]): void {
    for (const object of objects) this.#set(set).set(object.id, object)
  }

  /** Throws if there is no such object. */
  change(set: EntitySet, id: string, changes: JsonObject): void {
    const object = this.get(set, id)
    if (object === undefined) throw new Error(`No object ${id} in ${set}.`)
    this.put(set, { ...object, ...changes, id })
  }

  remove(set: EntitySet, id: string): void {
    this.#set(set).delete(id)
  }

  children(set: ChildSet, parentId: string): readonly GraphObject[] {
    return this.#children.get(`${set}/${parentId}`) ?? []
  }

  putChildren(set: ChildSet, parentId: string, ...objects: readonly GraphObject[]): void {
    this.#children.set(`${set}/${parentId}`, [...this.children(set, parentId), ...objects])
  }

  /**
   * Puts the risk of a service principal, and an item for it at the end of its history.
   * @param cause why the risk changed; default: the service found it
   */
  putRisk(principal: GraphObject, cause: RiskCause = { activity: null, initiatedBy: null }): void {
    this.put('riskyServicePrincipals', principal)
    this.#historyItems += 1
    const id = `00000000-0000-4000-9000-${this.#historyItems.toString(16).padStart(12, '0')}`
    this.putChildren('history', principal.id, { ...principal, ...cause, id })
  }

  /**
   * Adds a detection of which little is known yet, as the service has been seen to do: no source,
   * no timing, no name, no techniques. `enrich` adds them under the same last update.
   */
  putUnenriched(detection: GraphObject): void {
    this.#enriched.set(detection.id, detection)
    this.put('servicePrincipalRiskDetections', {
      ...detection,
      source: null,
      detectionTimingType: 'notDefined',
      servicePrincipalDisplayName: null,
      appId: null,
      additionalInfo: '[]',
    })
  }

  /** Adds what was left out; all that it is left out of by default. */
  enrich(...ids: readonly string[]): void {
    for (const id of ids.length === 0 ? [...this.#enriched.keys()] : ids) {
      const known = this.#enriched.get(id)
      if (known === undefined) throw new Error(`Nothing is left out of ${id}.`)
      const { source, detectionTimingType, servicePrincipalDisplayName, appId, additionalInfo } = known
      this.change('servicePrincipalRiskDetections', id, {
        source: source ?? null,
        detectionTimingType: detectionTimingType ?? null,
        servicePrincipalDisplayName: servicePrincipalDisplayName ?? null,
        appId: appId ?? null,
        additionalInfo: additionalInfo ?? null,
      })
      this.#enriched.delete(id)
    }
  }

  /** Deletes a service principal from the directory; what is known of its risk stays. */
  deleteServicePrincipal(id: string): void {
    this.remove('servicePrincipals', id)
    const ofItsOwn = [
      ['appRoleAssignments', 'principalId'],
      ['oauth2PermissionGrants', 'clientId'],
      ['roleAssignments', 'principalId'],
    ] as const
    for (const [set, property] of ofItsOwn)
      for (const object of this.all(set)) if (object[property] === id) this.remove(set, object.id)
    for (const set of ['owners', 'sponsors'] as const) this.#children.delete(`${set}/${id}`)
  }

  #set(name: EntitySet): Map<string, GraphObject> {
    let set = this.#sets.get(name)
    if (set === undefined) {
      set = new Map()
      this.#sets.set(name, set)
    }
    return set
  }
}
