import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  extraProperties,
  fits,
  formFields,
  initialValue,
  missingFields,
  parseArguments,
  parseJsonText,
  parseNumber,
  withProperty,
} from "./schema-form";

const SCHEMA = {
  type: "object",
  required: ["author", "title"],
  properties: {
    title: { type: "string", title: "Title", description: "Of the book.", examples: ["Emma"] },
    pages: { type: ["integer", "null"], default: 100 },
    genre: { enum: ["novel", "essay", null, 3] },
    price: { anyOf: [{ type: "number" }, { type: "null" }] },
    tags: { type: "array", items: { type: "string" } },
    author: { $ref: "#/$defs/Author" },
    either: { oneOf: [{ type: "string" }, { type: "number" }] },
    shelves: { type: "array", items: { type: "object", properties: { a: { type: "string" } } } },
    signed: { type: "boolean" },
  },
  $defs: {
    Author: {
      type: "object",
      required: ["name"],
      properties: { name: { type: "string" }, teacher: { $ref: "#/$defs/Author" } },
    },
    Loop: { $ref: "#/$defs/Loop" },
  },
};

describe("formFields", () => {
  it("finds a control for each property, required ones first", () => {
    const fields = formFields(SCHEMA);
    expect(fields.map(({ name, required, control }) => [name, required, control.kind])).toEqual([
      ["title", true, "string"],
      ["author", true, "object"],
      ["pages", false, "number"],
      ["genre", false, "enum"],
      ["price", false, "number"],
      ["tags", false, "array"],
      ["either", false, "json"],
      ["shelves", false, "json"],
      ["signed", false, "boolean"],
    ]);
    expect(fields[0]).toEqual({
      name: "title",
      title: "Title",
      description: "Of the book.",
      required: true,
      placeholder: "Emma",
      control: { kind: "string", multiline: false, format: null },
    });
    expect(fields[2]?.placeholder).toBe("100");
  });

  it("ends on recursive, looping and foreign references", () => {
    const text = JSON.stringify(formFields(SCHEMA));
    expect(text.match(/"teacher"/g)?.length).toBeLessThan(10);
    for (const ref of ["#/$defs/Loop", "https://evil.example/s.json", "#/nope", "#/__proto__/x"]) {
      const [field] = formFields({ ...SCHEMA, properties: { a: { $ref: ref } } });
      expect(field?.control).toEqual({ kind: "json" });
    }
  });

  it("takes any JSON as a schema without failing", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.jsonValue(),
        (schema, property) => {
          const whole = { ...schema, properties: { p: property } };
          expect(formFields(whole)).toHaveLength(1);
          initialValue(whole);
        },
      ),
    );
  });
});

it("initialValue fills what is required and known", () => {
  expect(initialValue(SCHEMA)).toEqual({ title: "Emma" });
  expect(initialValue({ required: ["x"], properties: { x: { const: 7 } } })).toEqual({ x: 7 });
});

describe("withProperty", () => {
  it("changes one property and keeps the others in their order", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string(),
        fc.jsonValue(),
        (object, name, value) => {
          const before = structuredClone(object);
          const next = withProperty(object, name, value);
          expect(object).toEqual(before);
          expect(Object.getOwnPropertyDescriptor(next, name)?.value).toEqual(value);
          const kept = Object.keys(object).filter((key) => key !== name);
          expect(Object.keys(next).filter((key) => key !== name)).toEqual(kept);
          const without = withProperty(next, name, undefined);
          expect(Object.keys(without)).toEqual(kept);
        },
      ),
    );
  });

  it("treats __proto__ as the plain key that it is in JSON", () => {
    const next = withProperty(JSON.parse('{"a":1}'), "__proto__", { b: 2 });
    expect(JSON.stringify(next)).toBe('{"a":1,"__proto__":{"b":2}}');
  });
});

it("fits tells what a control would change", () => {
  const byName = new Map(formFields(SCHEMA).map((field) => [field.name, field.control]));
  const cases: [string, unknown, boolean][] = [
    ["title", "x", true],
    ["title", 3, false],
    ["title", null, false],
    ["pages", 3, true],
    ["pages", null, false],
    ["genre", null, true],
    ["genre", "poem", false],
    ["tags", ["a"], true],
    ["tags", ["a", 1], false],
    ["author", [], false],
    ["either", { any: "thing" }, true],
    ["signed", undefined, true],
  ];
  for (const [name, value, expected] of cases) {
    const control = byName.get(name);
    expect(control && fits(control, value), `${name}: ${JSON.stringify(value)}`).toBe(expected);
  }
});

describe("numbers", () => {
  it("reads what is exact and refuses what would be rounded", () => {
    expect(parseNumber(" -12 ", true)).toEqual({ ok: true, value: -12 });
    expect(parseNumber("1.5e3", false)).toEqual({ ok: true, value: 1500 });
    for (const text of ["", "1.5", "0x10", "abc", "1e400", "9007199254740993"]) {
      expect(parseNumber(text, true).ok, text).toBe(false);
    }
    expect(parseJsonText('{"id": 9007199254740993}')).toEqual({
      ok: false,
      message: "The number 9007199254740993 is too large to be sent exactly.",
    });
    expect(parseJsonText("9007199254740991")).toEqual({ ok: true, value: 9007199254740991 });
  });

  it("gives back every safe integer that is written", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(parseNumber(String(value), true)).toEqual({ ok: true, value });
      }),
    );
  });
});

describe("arguments as JSON", () => {
  it("are the same object after form and text", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false })), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        const parsed = parseArguments(JSON.stringify(plain, null, 2));
        // Doubles above 2^53 are refused on purpose; all else comes back.
        if (parsed.ok) expect(parsed.value).toEqual(plain);
        else expect(parsed.message).toMatch(/too large/);
      }),
    );
  });

  it("have to be an object", () => {
    expect(parseArguments("")).toEqual({ ok: true, value: {} });
    for (const text of ["[]", "null", "1", "{"]) expect(parseArguments(text).ok, text).toBe(false);
  });
});

it("missingFields and extraProperties name what the form has to say", () => {
  const fields = formFields(SCHEMA);
  expect(missingFields(fields, {})).toEqual(["title", "author"]);
  expect(missingFields(fields, { title: "x", author: {} })).toEqual(["author.name"]);
  expect(missingFields(fields, { title: "", author: { name: "y" } })).toEqual([]);
  expect(extraProperties(fields, { title: "x", odd: 1 })).toEqual(["odd"]);
});
