import type { Json } from '../../../../shared/encoding/json.ts'

/** A query, and the rows that Kusto's page of that name says that it gives, as cells in order. */
export interface TableCase {
  readonly page: string
  readonly query: string
  readonly rows: readonly (readonly Json[])[]
}

const FRUIT = `datatable(Fruit: string, Color: string, Version: int) [
  "Apple", "Red", 1, "Apple", "Green", int(null), "Banana", "Yellow", int(null), "Banana", "Green", int(null),
  "Pear", "Brown", 1, "Pear", "Green", 2]`
const X_AND_Y = `let X = datatable(Key: string, Value1: long) ['a', 1, 'b', 2, 'b', 3, 'c', 4];
let Y = datatable(Key: string, Value2: long) ['b', 10, 'c', 20, 'c', 30, 'd', 40];
`
const AIRPORTS = `datatable(Airport: string, Airline: string, Departures: long) [
  "TLV", "LH", 1, "TLV", "LY", 100, "SEA", "LH", 1, "SEA", "BA", 2, "SEA", "LY", 0]`
const SALARIES = `datatable(name: string, month: int, salary: long) [
  "Alice", 1, 1000, "Bob", 1, 1000, "Alice", 2, 2000, "Bob", 2, 1950, "Alice", 3, 1400, "Bob", 3, 1450]`
const MEASURED = 'datatable(x: long) [15, 20, 35, 40, 50]'
const NONE = 'datatable(x: long, s: string) []'

export const TABLE_CASES: readonly TableCase[] = [
  {
    page: 'scalar-data-types/null-values',
    query: 'datatable(ival: int, sval: string) [5, "a", int(null), "b"] | where ival != 5',
    rows: [[null, 'b']],
  },
  {
    page: 'arg-max-aggregation-function',
    query: `${FRUIT} | summarize arg_max(Version, *) by Fruit`,
    rows: [
      ['Apple', 1, 'Red'],
      ['Banana', null, 'Yellow'],
      ['Pear', 2, 'Green'],
    ],
  },
  {
    page: 'arg-min-aggregation-function',
    query: `${FRUIT} | summarize arg_min(Version, Color) by Fruit`,
    rows: [
      ['Apple', 1, 'Red'],
      ['Banana', null, 'Yellow'],
      ['Pear', 1, 'Brown'],
    ],
  },
  {
    page: 'make-set-aggregation-function',
    query: `datatable(Val: int, Arr1: dynamic) [1, dynamic(['A1', 'A2', 'A3']), 5, dynamic(['A2', 'C1']), 7, dynamic(['C2', 'A3']), 5, dynamic(['C2', 'A1'])]
| summarize Val_set = make_set(Val), Arr1_set = make_set(Arr1)`,
    rows: [
      [
        [1, 5, 7],
        ['A1', 'A2', 'A3', 'C1', 'C2'],
      ],
    ],
  },
  {
    page: 'make-set-aggregation-function',
    query: 'datatable(x: int) [1, int(null), 2, 3] | summarize make_set(x, 2), make_set_if(x, x > 1)',
    rows: [
      [
        [1, 2],
        [2, 3],
      ],
    ],
  },
  {
    page: 'make-list-aggregation-function',
    query: 'datatable(x: int) [1, int(null), 1] | summarize make_list(x), make_list_if(x, x > 1)',
    rows: [[[1, 1], []]],
  },
  {
    page: 'summarize-operator',
    query: `${NONE} | summarize count(), countif(x > 1), dcount(x), dcountif(x, x > 1), sum(x), sumif(x, x > 1), make_set(s), make_list(s)`,
    rows: [[0, 0, 0, 0, 0, 0, [], []]],
  },
  {
    page: 'summarize-operator',
    query: `${NONE} | summarize max(x), min(x), maxif(x, x > 1), minif(x, x > 1), take_any(x), take_anyif(x, x > 1), median = percentile(x, 50), avg(x), avgif(x, x > 1)`,
    rows: [[null, null, null, null, null, null, null, null, null]],
  },
  { page: 'summarize-operator', query: `${NONE} | summarize count() by s`, rows: [] },
  {
    page: 'summarize-operator',
    query: 'datatable(x: int) [int(null), 1, int(null)] | summarize count() by x',
    rows: [
      [null, 2],
      [1, 1],
    ],
  },
  {
    page: 'take-any-aggregation-function',
    query: 'datatable(s: string) ["", "b"] | summarize take_any(s)',
    rows: [['b']],
  },
  {
    page: 'percentiles-aggregation-function',
    query: `${MEASURED} | summarize a = percentile(x, 5), b = percentile(x, 30), c = percentile(x, 40), d = percentile(x, 50), e = percentile(x, 100)`,
    rows: [[15, 20, 20, 35, 50]],
  },
  {
    page: 'percentiles-aggregation-function',
    query: `${MEASURED} | summarize percentile = percentile(x, 0)`,
    rows: [[15]],
  },
  {
    page: 'mv-expand-operator',
    query: "datatable(a: int, b: dynamic) [1, dynamic([10, 20]), 2, dynamic(['a', 'b'])] | mv-expand b",
    rows: [
      [1, 10],
      [1, 20],
      [2, 'a'],
      [2, 'b'],
    ],
  },
  {
    page: 'mv-expand-operator',
    query: 'datatable(a: int, b: dynamic) [1, dynamic([]), 2, dynamic(null), 3, dynamic({})] | mv-expand b',
    rows: [[2, null]],
  },
  {
    page: 'mv-expand-operator',
    query: 'datatable(a: int, b: dynamic) [1, dynamic({"prop1": "a1", "prop2": "b1"})] | mv-expand b',
    rows: [
      [1, { prop1: 'a1' }],
      [1, { prop2: 'b1' }],
    ],
  },
  {
    page: 'mv-expand-operator',
    query:
      'datatable(a: int, b: dynamic) [1, dynamic({"prop1": "a1"})] | mv-expand kind=array b | extend key = b[0], val = b[1]',
    rows: [[1, ['prop1', 'a1'], 'prop1', 'a1']],
  },
  {
    page: 'mv-expand-operator',
    query:
      'datatable(a: int, b: dynamic, c: dynamic) [1, dynamic({"prop1": "a", "prop2": "b"}), dynamic([5, 4, 3])] | mv-expand b, c',
    rows: [
      [1, { prop1: 'a' }, 5],
      [1, { prop2: 'b' }, 4],
      [1, null, 3],
    ],
  },
  {
    page: 'mv-apply-operator',
    query:
      'datatable(index: int, Arr: dynamic) [0, dynamic([1, 5, 3]), 1, dynamic([10, 2, 5, 7]), 2, dynamic([])] | mv-apply topElem = Arr to typeof(long) on (top 1 by topElem)',
    rows: [
      [0, [1, 5, 3], 5],
      [1, [10, 2, 5, 7], 10],
    ],
  },
  {
    page: 'mv-apply-operator',
    query:
      'datatable(index: int, Arr: dynamic) [0, dynamic([5, 1, 3])] | mv-apply Arr2 = Arr to typeof(long) on (top 2 by Arr2 | summarize Top2 = make_list(Arr2))',
    rows: [[0, [5, 1, 3], [5, 3]]],
  },
  {
    page: 'join-innerunique',
    query: `${X_AND_Y}X | join Y on Key`,
    rows: [
      ['b', 2, 'b', 10],
      ['c', 4, 'c', 20],
      ['c', 4, 'c', 30],
    ],
  },
  {
    page: 'join-inner',
    query: `${X_AND_Y}X | join kind=inner Y on Key`,
    rows: [
      ['b', 2, 'b', 10],
      ['b', 3, 'b', 10],
      ['c', 4, 'c', 20],
      ['c', 4, 'c', 30],
    ],
  },
  {
    page: 'join-leftouter',
    query: `${X_AND_Y}X | join kind=leftouter Y on $left.Key == $right.Key`,
    rows: [
      ['a', 1, '', null],
      ['b', 2, 'b', 10],
      ['b', 3, 'b', 10],
      ['c', 4, 'c', 20],
      ['c', 4, 'c', 30],
    ],
  },
  { page: 'join-leftanti', query: `${X_AND_Y}X | join kind=leftanti Y on Key`, rows: [['a', 1]] },
  {
    page: 'join-leftsemi',
    query: `${X_AND_Y}X | join kind=leftsemi Y on Key`,
    rows: [
      ['b', 2],
      ['b', 3],
      ['c', 4],
    ],
  },
  {
    page: 'row-number-function',
    query: `${AIRPORTS} | sort by Airport asc, Departures desc | extend Rank = row_number(1, prev(Airport) != Airport) | project Airport, Airline, Rank`,
    rows: [
      ['SEA', 'BA', 1],
      ['SEA', 'LH', 2],
      ['SEA', 'LY', 3],
      ['TLV', 'LY', 1],
      ['TLV', 'LH', 2],
    ],
  },
  {
    page: 'row-cumsum-function',
    query: `${SALARIES} | order by name asc, month asc | extend total = row_cumsum(salary, name != prev(name)) | project name, total`,
    rows: [
      ['Alice', 1000],
      ['Alice', 3000],
      ['Alice', 4400],
      ['Bob', 1000],
      ['Bob', 2950],
      ['Bob', 4400],
    ],
  },
  {
    page: 'prev-function',
    query: 'range x from 1 to 3 step 1 | serialize | extend a = prev(x), b = prev(x, 2, 0), c = next(x)',
    rows: [
      [1, null, 0, 2],
      [2, 1, 0, 3],
      [3, 2, 1, null],
    ],
  },
  {
    page: 'sort-operator',
    query: 'datatable(x: int) [2, int(null), 1] | sort by x',
    rows: [[2], [1], [null]],
  },
  {
    page: 'sort-operator',
    query: 'datatable(x: int) [2, int(null), 1] | sort by x asc',
    rows: [[null], [1], [2]],
  },
  {
    page: 'sort-operator',
    query: 'datatable(x: int) [2, int(null), 1] | sort by x asc nulls last | take 2',
    rows: [[1], [2]],
  },
  {
    page: 'distinct-operator',
    query: 'datatable(a: int, b: int) [1, 2, 1, 3, 1, 2] | distinct a, b',
    rows: [
      [1, 2],
      [1, 3],
    ],
  },
  { page: 'count-operator', query: 'datatable(a: int) [1, 2] | count', rows: [[2]] },
  {
    page: 'project-away-operator',
    query: 'datatable(a1: int, b: int, a2: int) [1, 2, 3] | project-away a*',
    rows: [[2]],
  },
  {
    page: 'project-rename-operator',
    query: 'datatable(a: int, b: int) [1, 2] | project-rename c = a | project b, c',
    rows: [[2, 1]],
  },
  {
    page: 'union-operator',
    query:
      'union isfuzzy=true (datatable(a: int) [1]), (NoSuchTable | where a == 1), (datatable(b: string) ["x"])',
    rows: [
      [1, ''],
      [null, 'x'],
    ],
  },
  {
    page: 'union-operator',
    query: 'datatable(a: int) [1] | union (datatable(a: int) [2]) | render table',
    rows: [[1], [2]],
  },
  {
    page: 'toscalar-function',
    query:
      'let most = toscalar(datatable(a: int) [1, 3] | summarize max(a)); print most, toscalar(datatable(a: int) [])',
    rows: [[3, null]],
  },
  {
    page: 'functions/user-defined-functions',
    query:
      'let some = range x from 1 to 3 step 1; let f = (T: (x: long), least: long = 2) { T | where x >= least }; union f(some), f(some, least = 3)',
    rows: [[2], [3], [3]],
  },
  {
    page: 'functions/user-defined-functions',
    query: 'let twice = (n: long) { n * 2 }; range x from 1 to 2 step 1 | extend y = twice(x)',
    rows: [
      [1, 2],
      [2, 4],
    ],
  },
  {
    page: 'materialize-function',
    query: 'let m = materialize(range x from 1 to 2 step 1); m | where x in (m)',
    rows: [[1], [2]],
  },
  {
    page: 'column-ifexists-function',
    query: 'datatable(a: int) [1] | project a = column_ifexists("a", 5), b = column_ifexists("b", "none")',
    rows: [[1, 'none']],
  },
  {
    page: 'ingestion-time-function',
    query: 'datatable(a: int) [1] | extend t = ingestion_time()',
    rows: [[1, null]],
  },
]
