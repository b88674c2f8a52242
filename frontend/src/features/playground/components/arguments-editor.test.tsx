import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { formFields, type JsonObject } from "../model/schema-form";
import { ArgumentsEditor } from "./arguments-editor";

const SCHEMA = {
  type: "object",
  required: ["title"],
  properties: {
    title: { type: "string" },
    pages: { type: "integer" },
    signed: { type: "boolean" },
    genre: { enum: ["novel", "essay"] },
    tags: { type: "array", items: { type: "string" } },
    author: { type: "object", properties: { name: { type: "string" } } },
    meta: { type: "object" },
  },
};

interface Latest {
  value: JsonObject;
  valid: boolean;
}

const FIELDS = formFields(SCHEMA);

/** Holds the value as a page does, and lets the test see it. */
function Harness({
  initial,
  seen,
}: {
  initial: JsonObject;
  seen: (value: Partial<Latest>) => void;
}) {
  const [value, setValue] = useState(initial);
  return (
    <ArgumentsEditor
      fields={FIELDS}
      value={value}
      onChange={(next) => {
        seen({ value: next });
        setValue(next);
      }}
      onValid={(valid) => seen({ valid })}
      showMissing={false}
    />
  );
}

function setUp(initial: JsonObject = {}) {
  const latest: Latest = { value: initial, valid: true };
  render(<Harness initial={initial} seen={(change) => Object.assign(latest, change)} />);
  return { latest, user: userEvent.setup() };
}

const toJson = () => screen.getByRole("radio", { name: "JSON" });
const toForm = () => screen.getByRole("radio", { name: "Form" });
const jsonField = () => screen.getByLabelText<HTMLTextAreaElement>("Arguments as JSON");

describe("ArgumentsEditor", () => {
  it("makes one whole value from every kind of control", async () => {
    const { latest, user } = setUp();
    await user.type(screen.getByLabelText(/^title/), "Emma");
    await user.type(screen.getByLabelText("pages"), "320");
    await user.selectOptions(screen.getByLabelText("signed"), "false");
    await user.selectOptions(screen.getByLabelText("genre"), "novel");
    await user.click(screen.getByRole("button", { name: "Add an entry to tags" }));
    await user.type(screen.getByLabelText("tags, entry 1"), "classic");
    await user.type(screen.getByLabelText("name"), "Jane");
    await user.type(screen.getByLabelText("meta"), '{{"a":[[1,2]}');
    const whole = {
      title: "Emma",
      pages: 320,
      signed: false,
      genre: "novel",
      tags: ["classic"],
      author: { name: "Jane" },
      meta: { a: [1, 2] },
    };
    expect(latest.value).toEqual(whole);
    await user.click(toJson());
    expect(JSON.parse(jsonField().value)).toEqual(whole);
    await user.click(toForm());
    expect(latest.value).toEqual(whole);
    expect(screen.getByLabelText("pages")).toHaveValue("320");
  });

  it("loses nothing that the form cannot show", async () => {
    const odd = {
      title: 7,
      pages: null,
      genre: "poem",
      tags: ["a", 1],
      author: "nobody",
      extra: { deep: [null, { x: "" }] },
    };
    const { latest, user } = setUp(odd);
    await user.click(toJson());
    expect(JSON.parse(jsonField().value)).toEqual(odd);
    await user.click(toForm());
    expect(latest.value).toEqual(odd);
    expect(screen.getByText(/editable as JSON: extra/)).toBeInTheDocument();
    expect(screen.getByLabelText("pages")).toHaveValue("null");
  });

  it("keeps text that is no value, says why, and does not leave it behind", async () => {
    const { latest, user } = setUp({ title: "x" });
    await user.type(screen.getByLabelText("pages"), "12x");
    expect(screen.getByText("Not a number.")).toBeInTheDocument();
    expect(latest.valid).toBe(false);
    await user.click(toJson());
    expect(screen.getByLabelText("pages")).toHaveValue("12x");
    await user.type(screen.getByLabelText("pages"), "{Backspace}");
    expect(latest).toEqual({ value: { title: "x", pages: 12 }, valid: true });

    await user.click(toJson());
    await user.clear(jsonField());
    await user.type(jsonField(), '{{"title": ');
    expect(latest.valid).toBe(false);
    await user.click(toForm());
    expect(jsonField()).toHaveValue('{"title": ');
    await user.type(jsonField(), '"y"}');
    await user.click(toForm());
    expect(latest).toEqual({ value: { title: "y" }, valid: true });
    expect(screen.getByLabelText(/^title/)).toHaveValue("y");
  });

  it("removes what is emptied", async () => {
    const { latest, user } = setUp({ title: "x", pages: 1, tags: ["a"], author: { name: "b" } });
    await user.clear(screen.getByLabelText("pages"));
    await user.clear(screen.getByLabelText("name"));
    await user.click(screen.getByRole("button", { name: "Remove entry 1 of tags" }));
    expect(latest.value).toEqual({ title: "x" });
  });

  it("shows hostile names as text", () => {
    const fields = formFields({
      properties: { "<img src=x onerror=alert(1)>": { type: "string", description: "<b>b</b>" } },
    });
    const { container } = render(
      <ArgumentsEditor
        fields={fields}
        value={{}}
        onChange={vi.fn()}
        onValid={vi.fn()}
        showMissing={false}
      />,
    );
    expect(container.querySelector("img, b")).toBeNull();
    expect(screen.getByText("<b>b</b>")).toBeInTheDocument();
  });
});
