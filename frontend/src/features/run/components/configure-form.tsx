import { Info } from "lucide-react";
import { useState } from "react";
import type { Access, AnalysisVariable, DeployConfig, ServerMode } from "@/api/types";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Segmented } from "@/components/segmented";
import { safeHref } from "@/lib/format";
import { BASE_URL_VARIABLE, type Configuration, filled } from "../model/configuration";
import { ModeFields } from "./mode-fields";
import { SchemeFields } from "./scheme-fields";

interface ConfigureFormProps {
  configuration: Configuration;
  /** Null before there is a project, which then has no stored credentials. */
  projectId: string | null;
  /** Secrets of an earlier deployment stay where a field is left empty; nothing else does. */
  redeploy: boolean;
  initialAccess: Access;
  /** `mode` is null where it was not asked for. */
  onDone: (config: DeployConfig, mode: ServerMode | null) => void;
}

const ACCESS_OPTIONS = [
  { value: "token", label: "With a token" },
  { value: "public", label: "Public" },
] as const;

/** Asks for what the description cannot say: credentials, variables, who may call. */
export function ConfigureForm({
  configuration,
  projectId,
  redeploy,
  initialAccess,
  onDone,
}: ConfigureFormProps) {
  const [access, setAccess] = useState<Access>(initialAccess);
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [variables, setVariables] = useState<Record<string, string>>({});
  const [baseUrl, setBaseUrl] = useState("");
  const [mode, setMode] = useState(configuration.mode?.current ?? null);
  const [asked, setAsked] = useState(false);

  const needsBaseUrl = configuration.baseUrl === "required";
  const baseUrlError = baseUrlProblem(baseUrl, needsBaseUrl);
  const needsValue = ({ env, default: preset }: AnalysisVariable) =>
    preset == null && !variables[env]?.trim();
  const hasSecrets = configuration.schemes.length > 0;

  function submit(withSecrets: boolean) {
    setAsked(true);
    if (baseUrlError || configuration.variables.some(needsValue)) return;
    onDone(
      {
        access,
        secrets: withSecrets ? filled(secrets) : {},
        variables: filled({ ...variables, [BASE_URL_VARIABLE]: baseUrl.trim() }),
      },
      mode,
    );
  }

  return (
    <form
      data-testid="configure"
      aria-labelledby="configure-title"
      className="panel space-y-5 p-5"
      onSubmit={(event) => {
        event.preventDefault();
        submit(true);
      }}
    >
      <div>
        <h2 id="configure-title" className="text-lg font-semibold">
          {hasSecrets ? "Connect your server to the API" : "Before it goes live"}
        </h2>
        <p className="text-ink-soft">
          {hasSecrets
            ? "Credentials are encrypted, added to requests outside your server's code, and never shown again."
            : "Who may call it, and where the API is."}
          {redeploy && hasSecrets && " A field that is left empty keeps what is stored."}
        </p>
      </div>

      <Field
        label="Base URL of the API"
        required={needsBaseUrl}
        error={asked ? baseUrlError : null}
        hint={baseUrlHint(configuration)}
      >
        {(control) => (
          <input
            {...control}
            data-testid="base-url"
            className="field font-mono"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            placeholder={
              needsBaseUrl ? "https://api.example.com/v1" : (configuration.documentUrl ?? "")
            }
            value={baseUrl}
            onChange={(event) => setBaseUrl(event.target.value)}
          />
        )}
      </Field>

      {configuration.variables.length > 0 && (
        <div className="grid gap-4 sm:grid-cols-2">
          {configuration.variables.map((variable) => (
            <Field
              key={variable.env}
              label={variable.name}
              hint={variable.description}
              required={variable.default == null}
              error={asked && needsValue(variable) ? "A value is needed." : null}
            >
              {(control) =>
                variable.allowed.length > 0 ? (
                  <select
                    {...control}
                    className="field"
                    value={variables[variable.env] ?? variable.default ?? ""}
                    onChange={(event) =>
                      setVariables({ ...variables, [variable.env]: event.target.value })
                    }
                  >
                    {variable.default == null && <option value="">Choose…</option>}
                    {variable.allowed.map((value) => (
                      <option key={value}>{value}</option>
                    ))}
                  </select>
                ) : (
                  <input
                    {...control}
                    className="field"
                    autoComplete="off"
                    placeholder={variable.default ?? ""}
                    value={variables[variable.env] ?? ""}
                    onChange={(event) =>
                      setVariables({ ...variables, [variable.env]: event.target.value })
                    }
                  />
                )
              }
            </Field>
          ))}
        </div>
      )}

      {configuration.schemes.map((scheme) => (
        <SchemeFields
          key={scheme.id}
          scheme={scheme}
          projectId={projectId}
          values={secrets}
          onChange={(name, value) => setSecrets({ ...secrets, [name]: value })}
        />
      ))}

      {configuration.unsupported.map((scheme) => (
        <p key={scheme.id} className="flex gap-2 text-sm text-ink-soft">
          <Info className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span className="min-w-0 break-words">
            {scheme.id} cannot be used from a hosted server
            {scheme.description ? `: ${scheme.description}` : "."}
          </span>
        </p>
      ))}

      {configuration.mode && mode && (
        <ModeFields
          tools={configuration.mode.tools}
          listed={configuration.mode.listed}
          value={mode}
          onChange={setMode}
        />
      )}

      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="text-sm font-medium">Who may call the server</span>
        <Segmented
          label="Who may call the server"
          value={access}
          options={ACCESS_OPTIONS}
          onChange={setAccess}
        />
        <p className="basis-full text-xs text-ink-soft">
          {access === "token"
            ? "Callers send a bearer token, which you get at the end."
            : "Anyone with the address can call every tool, with your credentials."}
        </p>
      </div>

      <div className="flex flex-wrap justify-end gap-2 border-t border-line pt-4">
        {hasSecrets && (
          <Button data-testid="skip-secrets" onClick={() => submit(false)}>
            {redeploy ? "Keep stored credentials" : "Skip for now"}
          </Button>
        )}
        <Button type="submit" variant="primary" data-testid="configure-continue">
          {redeploy ? "Deploy" : "Continue"}
        </Button>
      </div>
    </form>
  );
}

function baseUrlHint({ baseUrl, documentUrl }: Configuration): string {
  if (baseUrl === "known") return "Leave it empty for the address of the description.";
  return documentUrl
    ? `The description only says ${documentUrl}: give the full address.`
    : "The description names no server.";
}

function baseUrlProblem(value: string, required: boolean): string | null {
  const url = value.trim();
  if (url === "") return required ? "The server needs to know where the API is." : null;
  return safeHref(url) ? null : "Give an address that starts with https:// or http://.";
}
