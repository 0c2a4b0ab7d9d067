/** An expression of Bicep, or of an ARM template, whose expressions are a subset. */
export type Expression =
  | { readonly kind: 'string'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string; readonly safe: boolean }
  | { readonly kind: 'index'; readonly of: Expression; readonly at: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'object'; readonly properties: readonly Property[] }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | For
  | { readonly kind: 'if'; readonly condition: Expression; readonly body: Expression }
  | {
      readonly kind: 'ternary'
      readonly condition: Expression
      readonly whenTrue: Expression
      readonly whenFalse: Expression
    }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'lambda'; readonly parameters: readonly string[]; readonly body: Expression }
  /** In parentheses: keeps what is inside from being bound anew. */
  | { readonly kind: 'group'; readonly inner: Expression }

export interface For {
  readonly kind: 'for'
  readonly item: string
  readonly index: string | undefined
  readonly over: Expression
  readonly body: Expression
}

export interface Property {
  readonly key: Expression
  readonly value: Expression
  readonly line: number
}

export interface Decorator {
  readonly name: string
  readonly args: readonly Expression[]
}

interface Declared {
  readonly name: string
  readonly line: number
  readonly decorators: readonly Decorator[]
}

export interface Parameter extends Declared {
  readonly kind: 'param'
  readonly type: string
  readonly fallback: Expression | undefined
}

export interface Variable extends Declared {
  readonly kind: 'var'
  readonly value: Expression
}

export interface Resource extends Declared {
  readonly kind: 'resource'
  readonly type: string
  readonly apiVersion: string
  readonly existing: boolean
  readonly body: Expression
}

export interface Module extends Declared {
  readonly kind: 'module'
  readonly path: string
  readonly body: Expression
}

export interface Output extends Declared {
  readonly kind: 'output'
  readonly type: string
  readonly value: Expression
}

/** A type of the file's own: names of its properties. */
export interface TypeDeclaration extends Declared {
  readonly kind: 'type'
  readonly properties: readonly string[]
}

/** One Bicep file. */
export interface BicepFile {
  readonly path: string
  readonly targetScope: string
  readonly parameters: readonly Parameter[]
  readonly variables: readonly Variable[]
  readonly resources: readonly Resource[]
  readonly modules: readonly Module[]
  readonly outputs: readonly Output[]
  readonly types: readonly TypeDeclaration[]
}
