import { useId, useMemo, useState } from "react";
import { Badge, MethodBadge } from "@/components/badge";
import { CodeBlock } from "@/components/code-block";
import { EmptyState } from "@/components/empty-state";
import {
  type ApiDocument,
  byTag,
  curlOf,
  matching,
  type Operation,
  operationsOf,
  typeOf,
} from "../model/operations";
import { Prose } from "./prose";

/** Every operation of the API, to be filtered, opened and copied. */
export function ApiReference({ document }: { document: ApiDocument }) {
  const [query, setQuery] = useState("");
  const field = useId();
  const operations = useMemo(() => operationsOf(document), [document]);
  const shown = matching(operations, query);
  return (
    <div className="space-y-6">
      <div className="max-w-md space-y-1">
        <label htmlFor={field} className="text-sm font-medium">
          Filter
        </label>
        <input
          id={field}
          type="search"
          className="field"
          placeholder="deploy, PATCH, projects:read …"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <p role="status" className="text-sm text-ink-soft">
          {shown.length} of {operations.length} operations
        </p>
      </div>
      {shown.length === 0 && (
        <EmptyState title="No operation has these words">Try fewer of them.</EmptyState>
      )}
      {byTag(shown).map(([tag, group]) => (
        <section key={tag} aria-labelledby={`tag-${tag}`} className="space-y-2">
          <h2 id={`tag-${tag}`} className="text-lg font-semibold capitalize">
            {tag}
          </h2>
          {group.map((operation) => (
            <OperationDetails key={operation.id} document={document} operation={operation} />
          ))}
        </section>
      ))}
    </div>
  );
}

interface OperationProps {
  document: ApiDocument;
  operation: Operation;
}

function OperationDetails({ document, operation }: OperationProps) {
  const { id, method, path, summary, description } = operation;
  return (
    <details id={id} className="panel group" open={window.location.hash === `#${id}`}>
      <summary className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-xl px-4 py-3 hover:bg-raised">
        <MethodBadge method={method} />
        <code className="min-w-0 font-mono text-sm break-all">{path}</code>
        <span className="text-ink-soft">
          <Prose text={summary} />
        </span>
      </summary>
      <div className="space-y-4 border-t border-line px-4 py-4">
        {description && (
          <p className="max-w-prose">
            <Prose text={description} />
          </p>
        )}
        <Access access={operation.access} />
        <CodeBlock
          text={curlOf(document, operation, window.location.origin)}
          label={`command for ${id}`}
          wrap
        />
        <Fields
          title="Parameters"
          rows={operation.parameters.map((parameter) => ({
            name: parameter.name,
            type: `${parameter.in}, ${typeOf(parameter.schema)}`,
            required: parameter.required === true,
            description: parameter.description,
          }))}
        />
        <Fields title="Body" rows={bodyRows(document, operation)} />
        <div className="space-y-1">
          <h3 className="text-sm font-semibold">Answers</h3>
          <ul className="space-y-1 text-sm">
            {operation.responses.map((response) => (
              <li key={response.status} className="flex flex-wrap items-baseline gap-x-3">
                <code className="font-mono font-semibold">{response.status}</code>
                <span>
                  <Prose text={response.description} />
                </span>
                <code className="font-mono text-xs text-ink-soft">{typeOf(response.schema)}</code>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </details>
  );
}

function Access({ access }: { access: string }) {
  if (access === "none") return <Badge>no token</Badge>;
  if (access === "session") return <Badge tone="warn">signed in only, no personal token</Badge>;
  if (access === "any") return <Badge tone="accent">any token</Badge>;
  return <Badge tone="accent">scope {access}</Badge>;
}

interface FieldRow {
  name: string;
  type: string;
  required: boolean;
  description: string | undefined;
}

function bodyRows(document: ApiDocument, { body }: Operation): FieldRow[] {
  const name = (body?.$ref ?? body?.oneOf?.find(({ $ref }) => $ref)?.$ref)?.split("/").at(-1);
  const schema = (name && document.components.schemas[name]) || body;
  return Object.entries(schema?.properties ?? {}).map(([field, value]) => ({
    name: field,
    type: typeOf(value),
    required: schema?.required?.includes(field) ?? false,
    description: value.description,
  }));
}

function Fields({ title, rows }: { title: string; rows: readonly FieldRow[] }) {
  if (rows.length === 0) return null;
  return (
    <div className="space-y-1">
      <h3 className="text-sm font-semibold">{title}</h3>
      <dl className="divide-y divide-line text-sm">
        {rows.map((row) => (
          <div key={row.name} className="grid gap-x-4 py-2 sm:grid-cols-[14rem_1fr]">
            <dt className="min-w-0">
              <code className="font-mono font-semibold break-all">{row.name}</code>
              {row.required && <span className="text-bad"> required</span>}
              <div className="font-mono text-xs break-words text-ink-soft">{row.type}</div>
            </dt>
            <dd className="min-w-0 break-words">
              <Prose text={row.description ?? "–"} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
