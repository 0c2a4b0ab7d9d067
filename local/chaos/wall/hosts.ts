import { type HostProcess, startHostProcess } from '../../stack/host-process.ts'

/** Function hosts as processes, each in a place of its own; they come and go. */
export interface Hosts {
  /** Starts one, unless the place is taken. One that dies while it starts is no error: it was told to. */
  start(place: number, environment: Readonly<Record<string, string>>): Promise<void>
  /** SIGKILL. */
  kill(place: number): Promise<void>
  isRunning(place: number): boolean
  /** Hosts that ended without being asked nicely. */
  kills(): number
  stopAll(): Promise<void>
}

export function startHosts(base: Readonly<Record<string, string>>, say: (line: string) => void): Hosts {
  const running = new Map<number, HostProcess>()
  let kills = 0
  return {
    async start(place, environment) {
      if (running.has(place)) return
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
          if (running.get(place) !== host) return
          running.delete(place)
          kills++
          say(`host ${place} has ended`)
        })
      } catch (error) {
        kills++
        say(`host ${place} did not start: ${String(error)}`)
      }
    },
    async kill(place) {
      const host = running.get(place)
      if (host === undefined) return
      running.delete(place)
      kills++
      await host.kill()
      say(`host ${place} was killed`)
    },
    isRunning: (place) => running.has(place),
    kills: () => kills,
    async stopAll() {
      const all = [...running.values()]
      running.clear()
      await Promise.all(all.map((host) => host.stop()))
    },
  }
}
