import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs'
import { decodeFrame, type FrameEntry, frameHeadBytes, frameLength } from './log-frame.ts'
import { decodeLogHeader, encodeLogHeader, type LogHeader, logHeaderBytes } from './log-header.ts'

/**
 * An append-only file of frames. Offsets count from the first frame. Not synced to disk: a machine
 * failure may lose the tail.
 */
export interface LogFile {
  readonly header: LogHeader
  /** The file's frames at the time of opening, in order. */
  readonly entries: readonly FrameEntry[]
  /** Bytes of an incomplete last write truncated on opening. */
  readonly tornBytes: number
  /** Appends all frames or none; throws file system errors. */
  append(frames: Buffer): void
  readMessage(frameOffset: number, messageBytes: number): Buffer
  close(): void
}

export function createLogFile(path: string, header: LogHeader): void {
  writeFileSync(path, encodeLogHeader(header), { flag: 'wx' })
}

/** Opens a log and truncates an incomplete last write; throws if the file is not a log. */
export function openLogFile(path: string): LogFile {
  const fd = openSync(path, 'r+')
  const header = decodeLogHeader(readAt(fd, 0, logHeaderBytes))
  if (header === undefined) {
    closeSync(fd)
    throw new Error(`${path} is not an event log: use another directory, or delete this one`)
  }
  const entries = readEntries(fd)
  let end = entries.reduce((sum, entry) => sum + frameHeadBytes + entry.messageBytes, logHeaderBytes)
  const tornBytes = fstatSync(fd).size - end
  if (tornBytes > 0) ftruncateSync(fd, end)
  let isOpen = true
  // Guards against use after closing: the descriptor's number may be reused for another file.
  const openFd = (): number => {
    if (!isOpen) throw new Error(`${path} is closed: the emulator was stopped or the hub re-created`)
    return fd
  }
  return {
    header,
    entries,
    tornBytes,
    append: (frames) => {
      try {
        writeFully(openFd(), frames, end)
      } catch (error) {
        if (isOpen) ftruncateSync(fd, end)
        throw error
      }
      end += frames.length
    },
    readMessage: (frameOffset, messageBytes) =>
      readAt(openFd(), logHeaderBytes + frameOffset + frameHeadBytes, messageBytes),
    close: () => {
      if (isOpen) closeSync(fd)
      isOpen = false
    },
  }
}

function readEntries(fd: number): readonly FrameEntry[] {
  const entries: FrameEntry[] = []
  let at = logHeaderBytes
  for (;;) {
    const length = frameLength(readAt(fd, at, frameHeadBytes))
    const entry = length === undefined ? undefined : decodeFrame(readAt(fd, at, length))
    if (length === undefined || entry === undefined || entry.sequenceNumber !== entries.length) return entries
    entries.push(entry)
    at += length
  }
}

/** Reads up to `length` bytes, fewer at the end of the file. */
function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const count = readSync(fd, bytes, filled, length - filled, position + filled)
    if (count === 0) break
    filled += count
  }
  return bytes.subarray(0, filled)
}

function writeFully(fd: number, bytes: Buffer, position: number): void {
  let written = 0
  while (written < bytes.length) {
    written += writeSync(fd, bytes, written, bytes.length - written, position + written)
  }
}
