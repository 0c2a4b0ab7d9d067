import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { ArchiveHoldings } from '../../shared/operations/auditor/archive-holdings.ts'

/** `archive` for programs. */
export const holdingsJson = ({ from, to, holdings, partitions, ...held }: ArchiveHoldings): object => ({
  from: isoInstant(from),
  to: isoInstant(to),
  ...held,
  holdings: holdings.map(({ first, last, ...holding }) => ({
    ...holding,
    first: isoInstant(first),
    last: isoInstant(last),
  })),
  partitions: partitions.map(({ sealedUpTo, ...partition }) => ({
    ...partition,
    ...(sealedUpTo === undefined ? {} : { sealedUpTo: isoInstant(sealedUpTo) }),
  })),
})
