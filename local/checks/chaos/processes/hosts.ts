import { type HostProcess, startHostProcess } from '../../../stack/host-process.ts'
import type { DisruptionLog } from './disruption-log.ts'

/** The lifetime of a process. */
export interface HostLife {
  readonly process: string
  readonly from: number
  to: number
}

/** Function hosts as processes that come and go, each in a numbered place. */
export interface Hosts {
  /**
   * Starts a host, unless the place is taken. If it dies while starting, it was configured to: no
   * error.
   */
  start(place: number, environment: Readonly<Record<string, string>>): Promise<void>
  /** SIGKILL. */
  kill(place: number): Promise<void>
  isRunning(place: number): boolean
  /** All hosts ever started, in that order. */
  lives(): readonly HostLife[]
  /** Hosts that did not end by a regular stop. */
  kills(): number
  stopAll(): Promise<void>
}

interface HostsOptions {
  /** App settings. */
  readonly environment: Readonly<Record<string, string>>
  readonly log: DisruptionLog
  readonly nowMs: () => number
  readonly say: (line: string) => void
}

export function startHosts({ environment: base, log, nowMs, say }: HostsOptions): Hosts {
  const running = new Map<number, HostProcess>()
  const lives: HostLife[] = []
  let kills = 0
  return {
    async start(place, environment) {
      if (running.has(place)) return
      const life = { process: `process ${lives.length + 1}`, from: nowMs(), to: Number.POSITIVE_INFINITY }
      lives.push(life)
      try {
        const host = await startHostProcess({
          environment: { ...base, ...environment },
          onLog: (level, line) => {
            if (level !== 'information' && level !== 'debug') say(`host ${place} ${level}: ${line}`)
          },
        })
        running.set(place, host)
        say(`host ${place} is process ${host.pid} ${Object.keys(environment).join(' ')}`)
        void host.exited.then(() => {
          life.to = nowMs()
          if (running.get(place) !== host) return
          running.delete(place)
          kills++
          log.strike(`host ${place} has ended`)
          say(`host ${place} has ended`)
        })
      } catch (error) {
        kills++
        life.to = nowMs()
        log.strike(`host ${place} did not start`)
        say(`host ${place} did not start: ${String(error)}`)
      }
    },
    async kill(place) {
      const host = running.get(place)
      if (host === undefined) return
      running.delete(place)
      kills++
      await log.during(`host ${place} was killed`, () => host.kill())
      say(`host ${place} was killed`)
    },
    lives: () => lives,
    isRunning: (place) => running.has(place),
    kills: () => kills,
    async stopAll() {
      const all = [...running.values()]
      running.clear()
      await Promise.all(all.map((host) => host.stop()))
    },
  }
}
