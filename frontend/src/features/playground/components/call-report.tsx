import { CircleCheck, CircleX } from "lucide-react";
import { Badge } from "@/components/badge";
import { CodeBlock } from "@/components/code-block";
import { Tabs } from "@/components/tabs";
import { isRecord } from "@/lib/problem";
import type { Exchange, McpReport } from "../model/mcp-client";

/** What a call gave: the result in its forms, the time, and the wire. */
export function CallReport({ report }: { report: McpReport }) {
  const { outcome } = report;
  const isError = outcome.kind === "result" ? outcome.result.isError === true : true;
  return (
    <section
      aria-label="Result"
      data-testid="call-result"
      data-outcome={outcome.kind === "result" ? (isError ? "isError" : "success") : outcome.kind}
      className="min-w-0 space-y-3"
    >
      <p className="flex flex-wrap items-center gap-2" role="status">
        {isError ? (
          <CircleX className="size-5 text-bad" aria-hidden />
        ) : (
          <CircleCheck className="size-5 text-good" aria-hidden />
        )}
        <span className="font-semibold">{headline(report, isError)}</span>
        <Badge tone={isError ? "bad" : "good"}>{Math.round(report.milliseconds)} ms</Badge>
      </p>
      <Tabs
        label="Result views"
        tabs={[
          ...resultTabs(report),
          {
            value: "wire",
            label: `Raw (${report.exchanges.length})`,
            content: <Wire exchanges={report.exchanges} />,
          },
        ]}
      />
    </section>
  );
}

function headline({ outcome }: McpReport, isError: boolean): string {
  switch (outcome.kind) {
    case "result":
      return isError ? "The tool reports an error" : "The tool answered";
    case "rpcError":
      return `The server refused the call (${outcome.code})`;
    case "transportError":
      return "The call did not go through";
  }
}

function resultTabs({ outcome }: McpReport) {
  if (outcome.kind !== "result") {
    const data =
      outcome.kind === "rpcError" && outcome.data !== undefined
        ? `\n\n${JSON.stringify(outcome.data, null, 2)}`
        : "";
    return [
      {
        value: "error",
        label: "Error",
        content: <CodeBlock label="error" text={`${outcome.message}${data}`} wrap />,
      },
    ];
  }
  const { structuredContent, content } = outcome.result;
  const tabs = [];
  if (structuredContent !== undefined) {
    tabs.push({
      value: "structured",
      label: "Structured",
      content: (
        <CodeBlock label="structured content" text={JSON.stringify(structuredContent, null, 2)} />
      ),
    });
  }
  tabs.push({
    value: "content",
    label: "Content",
    content: <ContentList content={Array.isArray(content) ? content : []} />,
  });
  return tabs;
}

/** Images that may be shown: raster only, since an SVG is a document of its own. */
const IMAGE_TYPES = /^image\/(png|jpeg|gif|webp|avif)$/;

function ContentList({ content }: { content: readonly unknown[] }) {
  if (content.length === 0) return <p className="text-ink-soft">No content.</p>;
  return (
    <ul className="space-y-2">
      {content.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no identity but their place.
        <li key={index}>
          <ContentBlock block={isRecord(block) ? block : { value: block }} index={index} />
        </li>
      ))}
    </ul>
  );
}

function ContentBlock({
  block,
  index,
}: {
  block: Readonly<Record<string, unknown>>;
  index: number;
}) {
  const { type, text, data, mimeType } = block;
  if (type === "text" && typeof text === "string") {
    return <CodeBlock label={`text ${index + 1}`} text={text} wrap />;
  }
  if (
    type === "image" &&
    typeof data === "string" &&
    typeof mimeType === "string" &&
    IMAGE_TYPES.test(mimeType)
  ) {
    return (
      <img
        className="max-h-96 max-w-full rounded-lg border border-line"
        src={`data:${mimeType};base64,${data}`}
        alt={`Content ${index + 1} of the result`}
      />
    );
  }
  return <CodeBlock label={`content ${index + 1}`} text={JSON.stringify(block, null, 2)} />;
}

function Wire({ exchanges }: { exchanges: readonly Exchange[] }) {
  return (
    <ol className="space-y-4" data-testid="wire">
      {exchanges.map((exchange, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a finished list.
        <li key={index} className="space-y-2">
          <p className="text-xs font-semibold text-ink-soft">
            {index + 1}. {methodOf(exchange.request.body)} · {Math.round(exchange.milliseconds)} ms
          </p>
          <CodeBlock
            label={`request ${index + 1}`}
            text={`POST ${exchange.request.url}\n${headerLines(exchange.request.headers)}\n\n${pretty(exchange.request.body)}`}
          />
          <CodeBlock
            label={`response ${index + 1}`}
            text={
              exchange.response
                ? `${exchange.response.status}\n${headerLines(exchange.response.headers)}\n\n${pretty(exchange.response.body)}`
                : "No answer."
            }
          />
        </li>
      ))}
    </ol>
  );
}

function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

function methodOf(body: string): string {
  try {
    return String((JSON.parse(body) as { method?: unknown }).method);
  } catch {
    return "";
  }
}

/** JSON indented; anything else, SSE frames included, as it came. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
