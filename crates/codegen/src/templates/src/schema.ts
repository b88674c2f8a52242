/** Checks values against JSON Schemas. */

import { fromJsonSchema } from "@modelcontextprotocol/server";
import type { ObjectSchema } from "./tool.js";

type Validate = (value: unknown) => string | undefined;

/**
 * Validators are made when they are first needed, and kept: making all of them
 * at the start takes seconds where there are many tools.
 */
const validators = new WeakMap<ObjectSchema, Validate>();

/** What is wrong with the value, in words; undefined when nothing is. */
export function problems(
  schema: ObjectSchema,
  value: unknown,
): string | undefined {
  let validate = validators.get(schema);
  if (validate === undefined) {
    validate = makeValidator(schema);
    validators.set(schema, validate);
  }
  return validate(value);
}

function makeValidator(schema: ObjectSchema): Validate {
  try {
    const { validate } = fromJsonSchema({ ...schema })["~standard"];
    return (value) => {
      const result = validate(value);
      // The validators of the SDK answer at once.
      if (result instanceof Promise || result.issues === undefined) {
        return undefined;
      }
      return result.issues.map((issue) => issue.message).join("; ");
    };
  } catch {
    // Some APIs describe themselves with schemas that no validator takes, for
    // example with a pattern of another language. The API decides, then.
    return () => undefined;
  }
}
