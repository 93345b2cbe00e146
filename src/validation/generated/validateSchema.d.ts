/** The validator that `npm run generate` compiles from the composed schema, so that none is compiled at start. */
export interface SchemaError {
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}
export interface ValidateSchema {
  (value: unknown): boolean
  errors?: readonly SchemaError[] | null
}
export declare const validateSchema: ValidateSchema
