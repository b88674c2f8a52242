import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { classifyInput } from "./classify-input";
import { clearImporter, Importer } from "./importer";

describe("classifyInput", () => {
  it.each([
    ["", { kind: "empty" }],
    ["  \n ", { kind: "empty" }],
    [" https://a.example/o.json ", { kind: "url", url: "https://a.example/o.json" }],
    ["api.example.com/openapi.yaml", { kind: "url", url: "https://api.example.com/openapi.yaml" }],
    ["localhost:8787/x.json", { kind: "url", url: "http://localhost:8787/x.json" }],
    ['{"openapi":"3.1.0"}', { kind: "text", text: '{"openapi":"3.1.0"}' }],
    ["openapi: 3.1.0\n", { kind: "text", text: "openapi: 3.1.0\n" }],
    ["javascript:alert(1)", { kind: "text", text: "javascript:alert(1)" }],
    ["hello", { kind: "text", text: "hello" }],
    ["# Pets\n\nGET /pets", { kind: "text", text: "# Pets\n\nGET /pets" }],
  ])("%j", (input, expected) => {
    expect(classifyInput(input)).toEqual(expected);
  });
});

describe("Importer", () => {
  const handlers = { onUrl: vi.fn(), onText: vi.fn(), onFiles: vi.fn() };
  beforeEach(() => {
    clearImporter();
    for (const handler of Object.values(handlers)) handler.mockReset();
  });
  const show = (maxBytes = 1000) =>
    render(<Importer {...handlers} maxBytes={maxBytes} sampleUrl="http://s.example/o.json" />);

  it("takes an address with Enter and a document with the button", async () => {
    const user = userEvent.setup();
    show();
    const field = screen.getByLabelText(/Address or text/);
    await user.type(field, "https://a.example/o.json{Enter}");
    expect(handlers.onUrl).toHaveBeenCalledExactlyOnceWith("https://a.example/o.json");
    await user.clear(field);
    await user.type(field, "openapi: 3.1.0{Enter}info: x");
    expect(handlers.onText).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Create server" }));
    expect(handlers.onText).toHaveBeenCalledExactlyOnceWith("openapi: 3.1.0\ninfo: x");
  });

  it("takes chosen and dropped files, and text that is pasted anywhere", async () => {
    show();
    const file = new File(["{}"], "a.json");
    await userEvent.upload(screen.getByTestId("spec-file"), file);
    expect(handlers.onFiles).toHaveBeenCalledExactlyOnceWith([file]);
    const dropped = [new File(["{}"], "b.json"), new File([], "c.json")];
    fireEvent.drop(document.body, {
      dataTransfer: { files: dropped, types: ["Files"], getData: () => "" },
    });
    expect(handlers.onFiles).toHaveBeenLastCalledWith(dropped);
    fireEvent.paste(document.body, {
      clipboardData: { files: [], types: ["text/plain"], getData: () => "openapi: 3.0.0" },
    });
    expect(screen.getByLabelText(/Address or text/)).toHaveValue("openapi: 3.0.0");
  });

  it("refuses what is too large or empty before it is sent", async () => {
    show(4);
    await userEvent.upload(screen.getByTestId("spec-file"), new File(["12345"], "a.json"));
    expect(screen.getByRole("alert")).toHaveTextContent(
      "The description has 5 bytes; the limit is 4 bytes.",
    );
    await userEvent.upload(screen.getByTestId("spec-file"), [
      new File(["123"], "a.json"),
      new File(["45"], "b.json"),
    ]);
    expect(screen.getByRole("alert")).toHaveTextContent("has 5 bytes");
    await userEvent.upload(screen.getByTestId("spec-file"), new File([], "b.json"));
    expect(screen.getByRole("alert")).toHaveTextContent("document_empty");
    expect(handlers.onFiles).not.toHaveBeenCalled();
  });

  it("offers the sample", async () => {
    show();
    await userEvent.click(screen.getByRole("button", { name: "Try the sample API" }));
    expect(handlers.onUrl).toHaveBeenCalledExactlyOnceWith("http://s.example/o.json");
  });
});
