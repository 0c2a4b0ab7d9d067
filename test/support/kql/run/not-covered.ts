/** The interpreter meets what it does not cover, or what a query gets wrong: it never guesses. */
export class NotCovered extends Error {
  constructor(what: string, at?: { readonly text: string }) {
    super(at === undefined ? what : `${what}, in: ${at.text.trim().slice(0, 160)}`)
  }
}

/** A query names a table that the workspace does not have; `union isfuzzy=true` passes over it. */
export class MissingTable extends Error {
  constructor(name: string) {
    super(`no table or function ${name}`)
  }
}
