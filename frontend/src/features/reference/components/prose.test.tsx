import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { Prose } from "./prose";

function shown(text: string): { text: string | null; code: (string | null)[] } {
  const { container } = render(<Prose text={text} />);
  const code = [...container.querySelectorAll("code")].map((it) => it.textContent);
  return { text: container.textContent, code };
}

test("what stands between backticks is code, and a single one is itself", () => {
  expect(shown("Ends with `a`, or `b c`")).toEqual({
    text: "Ends with a, or b c",
    code: ["a", "b c"],
  });
  expect(shown("`a`")).toEqual({ text: "a", code: ["a"] });
  expect(shown("one ` and <b>")).toEqual({ text: "one ` and <b>", code: [] });
});
