import type { Json } from '../../../../../shared/encoding/json.ts'
import { type KqlType, type Scalar, scalar } from '../model.ts'
import { emptyOf, isNumber } from '../values.ts'

/** Builds a call from its arguments; `undefined` where it does not take such. */
export type Builder = (given: readonly Scalar[]) => Scalar | undefined

/** The functions of a file, by name. */
export type Functions = Readonly<Record<string, Builder>>

interface ValueOf {
  readonly bool: boolean
  readonly int: number
  readonly long: number
  readonly real: number
  readonly datetime: number
  readonly timespan: number
  readonly string: string
  readonly dynamic: Json
}

type Values<P extends readonly KqlType[]> = { readonly [K in keyof P]: ValueOf[P[K]] }

const fits = (given: KqlType, wanted: KqlType): boolean =>
  given === wanted || (isNumber(given) && (wanted === 'real' || (wanted === 'long' && given === 'int')))

/** A function of fixed parameters that gives null, or no text, where an argument is null. */
export const strict =
  <const P extends readonly KqlType[]>(
    parameters: P,
    type: KqlType,
    compute: (...values: Values<P>) => Json,
  ): Builder =>
  (given) => {
    if (given.length !== parameters.length || !given.every((g, i) => fits(g.type, parameters[i] as KqlType)))
      return undefined
    return scalar(type, (row, place) => {
      const values = given.map((argument) => argument.at(row, place))
      return values.includes(null) ? emptyOf(type) : compute(...(values as unknown as Values<P>))
    })
  }

/** The first of several builders that takes the arguments. */
export const oneOf =
  (...builders: readonly Builder[]): Builder =>
  (given) => {
    for (const builder of builders) {
      const built = builder(given)
      if (built !== undefined) return built
    }
    return undefined
  }
