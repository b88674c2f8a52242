import { useQuery } from "@tanstack/react-query";
import { toast } from "sonner";
import type { AuthScheme, SecretSummary } from "@/api/types";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Field } from "@/components/field";
import { safeHref } from "@/lib/format";
import { toProblem } from "@/lib/problem";
import { secretsQuery, useRemoveSecret } from "../api/secrets";

interface SchemeFieldsProps {
  scheme: AuthScheme;
  projectId: string | null;
  values: Readonly<Record<string, string>>;
  onChange: (name: string, value: string) => void;
}

/** The credentials of one way to authenticate; what is stored stays where a field is empty. */
export function SchemeFields({ scheme, projectId, values, onChange }: SchemeFieldsProps) {
  const { data: stored = [] } = useQuery({
    ...secretsQuery(projectId ?? ""),
    enabled: projectId !== null,
  });
  const reference = safeHref(/https?:\/\/[^\s)>\]]+/.exec(scheme.description ?? "")?.[0]);
  const client = scheme.clientCredentials;
  const field = (secret: Secret) => (
    <SecretField
      key={secret.name}
      secret={secret}
      projectId={projectId}
      stored={stored.find(({ name }) => name === secret.name)}
      value={values[secret.name] ?? ""}
      onChange={(value) => onChange(secret.name, value)}
    />
  );
  return (
    <fieldset className="min-w-0 rounded-lg border border-line px-4 pt-1 pb-4 *:mt-3 *:first:mt-0">
      <legend className="px-1 text-sm font-semibold">
        {scheme.id} <span className="font-normal text-ink-soft">· {kindOf(scheme)}</span>
      </legend>
      {scheme.description && (
        <p className="line-clamp-3 text-xs break-words text-ink-soft">{scheme.description}</p>
      )}
      {reference && (
        <a
          href={reference}
          target="_blank"
          rel="noreferrer noopener"
          className="text-xs break-all text-accent underline"
        >
          {reference}
        </a>
      )}
      {client ? (
        <>
          <p className="text-xs text-ink-soft">
            With a client id and secret the server gets access tokens, and new ones before they
            expire.
          </p>
          {client.secrets.map(field)}
          <p className="flex items-center gap-3 text-xs text-ink-soft">
            <span className="h-px flex-1 bg-line" aria-hidden />
            or a token, which works until it expires
            <span className="h-px flex-1 bg-line" aria-hidden />
          </p>
          {scheme.secrets.map(field)}
        </>
      ) : (
        scheme.secrets.map(field)
      )}
    </fieldset>
  );
}

type Secret = AuthScheme["secrets"][number];

interface SecretFieldProps {
  secret: Secret;
  projectId: string | null;
  stored: SecretSummary | undefined;
  value: string;
  onChange: (value: string) => void;
}

function SecretField({ secret, projectId, stored, value, onChange }: SecretFieldProps) {
  const hidden = `••••${stored?.last4 ?? ""}`;
  return (
    <Field
      label={secret.title}
      hint={
        stored ? (
          <>
            Stored {hidden}, leave empty to keep. {secret.description}
          </>
        ) : (
          secret.description
        )
      }
    >
      {(control) => (
        <div className="flex gap-2">
          <input
            {...control}
            type="password"
            className="field min-w-0 flex-1 font-mono"
            name={secret.name}
            data-testid={`secret-${secret.name}`}
            // Not a login: password managers must neither fill nor store it.
            autoComplete="off"
            data-1p-ignore
            data-lpignore="true"
            spellCheck={false}
            placeholder={stored ? hidden : ""}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          {stored && projectId && (
            <RemoveSecret projectId={projectId} name={secret.name} title={secret.title} />
          )}
        </div>
      )}
    </Field>
  );
}

interface RemoveSecretProps {
  projectId: string;
  name: string;
  title: string;
}

function RemoveSecret({ projectId, name, title }: RemoveSecretProps) {
  const remove = useRemoveSecret(projectId);
  return (
    <ConfirmDialog
      trigger={
        <Button pending={remove.isPending} aria-label={`Remove the stored ${title}`}>
          Remove
        </Button>
      }
      title={`Remove the stored “${title}”?`}
      description="The live server cannot use it from the next call on. This cannot be undone."
      confirm="Remove credential"
      onConfirm={() =>
        remove.mutate(name, {
          onError: (error) => toast.error(toProblem(error).message),
        })
      }
    />
  );
}

const KINDS: Readonly<Record<string, string>> = {
  apiKey: "API key",
  basic: "user name and password",
  bearer: "bearer token",
  oAuth2: "OAuth 2 access token",
  oauth2: "OAuth 2 access token",
  openIdConnect: "OpenID Connect access token",
};

function kindOf({ type, clientCredentials }: AuthScheme): string {
  if (clientCredentials) return "OAuth 2";
  return KINDS[type] ?? type;
}
