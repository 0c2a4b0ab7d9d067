import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { SentinelContent } from '../../../../infra/sentinel/solution/content.ts'
import { DETECTION_CATALOGUE } from '../../../../shared/domain/detections.ts'

const content = new SentinelContent('infra/sentinel')
const NAMES = ['ASimAlertEventMicrosoftEntraWorkloadRisk', 'vimAlertEventMicrosoftEntraWorkloadRisk'] as const
const [PLAIN, FILTERING] = NAMES

interface AsimYaml {
  readonly Parser: { readonly Version: string }
  readonly ParserParams: readonly { readonly Name: string }[]
  readonly ParserQuery: string
}
const yaml = (name: string) => load(content.text('parsers', `${name}.yaml`)) as AsimYaml
const params = (name: string) => yaml(name).ParserParams.map((p) => p.Name)

describe('the parsers of the ASIM Alert Event schema', () => {
  it.each(NAMES)('%s hands all of its parameters to its body by name', (name) => {
    const call = /\nparser\(([^()]*)\)\s*$/.exec(yaml(name).ParserQuery)?.[1] ?? ''
    expect(call.split(',').map((p) => p.trim())).toEqual(params(name).map((p) => `${p}=${p}`))
  })

  it('have the parameters of the schema', () => {
    expect(params(PLAIN)).toEqual(['disabled', 'pack'])
    expect(params(FILTERING)).toEqual([
      'starttime',
      'endtime',
      'ipaddr_has_any_prefix',
      'hostname_has_any',
      'username_has_any',
      'attacktactics_has_any',
      'attacktechniques_has_any',
      'threatcategory_has_any',
      'alertverdict_has_any',
      'eventseverity_has_any',
      'disabled',
      'pack',
    ])
  })

  it('name every technique of the catalogue', () => {
    const query = yaml(PLAIN).ParserQuery
    const named = [...query.matchAll(/"(T\d{4}(?:\.\d{3})?)": "[A-Z][\w ]+"/g)].map(([, id]) => id)
    expect(named).toEqual(expect.arrayContaining(DETECTION_CATALOGUE.flatMap((d) => d.techniques)))
  })

  it.each(NAMES)('%s has its version in its changelog', (name) => {
    const changelog = content.text('changelog', `${name}.md`)
    expect(changelog).toContain(`# Changelog for ${name}.yaml\n`)
    expect(changelog).toContain(`## Version ${yaml(name).Parser.Version}\n`)
  })
})
