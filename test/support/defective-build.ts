import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { DEFECT_NAMES } from './defects.ts'

const SOURCES = [
  'functions',
  'shared',
  'cli',
  'local',
  'esbuild.config.mjs',
  'package.json',
  'host.json',
  'test/support/defects.ts',
]

/** What the composition root takes from elsewhere, by file, and takes from the defects instead. */
const SEAMS = {
  'app-parts.ts': [
    "import { archiveWriter } from '../archive/writer.ts'",
    "import { enabledSinks } from './sinks-enabled.ts'",
  ],
  'assemble.ts': ["import { readMessage } from '../source/read-message.ts'"],
} as const

const INJECTED = `
import { archiveWriter as writer } from '../archive/writer.ts'
import { readMessage as read } from '../source/read-message.ts'
import { enabledSinks as sinks } from './sinks-enabled.ts'
import { defectOf } from '../../test/support/defects.ts'

const defect = defectOf(${JSON.stringify(DEFECT_NAMES)})
export const archiveWriter = (...args) => defect.archive(writer(...args))
export const readMessage = (message, settings) => defect.read((m) => read(m, settings))(message)
export const enabledSinks = async (...args) =>
  (await sinks(...args)).map((one) => ({ ...one, sink: defect.sink(one.sink) }))
`

/**
 * Builds the program, and all that runs it on one machine, with every defect in it, from a copy of
 * the sources.
 * @returns folder of the copy
 */
export async function defectiveBuild(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'injected-'))
  for (const source of SOURCES) await cp(source, join(folder, source), { recursive: true })
  await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'dir')
  const root = join(folder, 'shared', 'composition')
  for (const [file, seams] of Object.entries(SEAMS)) {
    let text = await readFile(join(root, file), 'utf8')
    for (const seam of seams) {
      if (!text.includes(seam)) throw new Error(`The composition root has no longer: ${seam}`)
      text = text.replace(seam, seam.replace(/'.*'/, "'./injected.ts'"))
    }
    await writeFile(join(root, file), text)
  }
  await writeFile(join(root, 'injected.ts'), INJECTED)
  await promisify(execFile)(process.execPath, ['esbuild.config.mjs'], { cwd: folder })
  return folder
}
