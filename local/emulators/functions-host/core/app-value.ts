/** A value of the app that the host passes on without looking into it. */
export type AppValue = object | string | number | bigint | boolean | symbol | null | undefined
