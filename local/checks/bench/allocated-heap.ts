import { GCProfiler, getHeapStatistics } from 'node:v8'

/**
 * Starts counting the bytes that this process allocates on the JavaScript heap: what is in use
 * before each garbage collection less what was left by the one before. Exact, unlike samples, and
 * includes what is collected meanwhile, unlike `process.memoryUsage()`; buffers outside the heap are
 * not part of it.
 * @returns ends it and takes the sum
 */
export function countAllocatedHeap(): () => number {
  const profiler = new GCProfiler()
  profiler.start()
  let leftBytes = getHeapStatistics().used_heap_size
  return () => {
    const endBytes = getHeapStatistics().used_heap_size
    let bytes = 0
    for (const { beforeGC, afterGC } of profiler.stop().statistics) {
      bytes += beforeGC.heapStatistics.usedHeapSize - leftBytes
      leftBytes = afterGC.heapStatistics.usedHeapSize
    }
    return bytes + endBytes - leftBytes
  }
}
