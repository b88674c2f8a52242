import { CodeBlock } from "@/components/code-block";
import { Tabs } from "@/components/tabs";
import { clientConfigs, type ServerAddress } from "./client-configs";

/** Copy-paste configuration, one tab for each client. */
export function ConnectPanel({ server }: { server: ServerAddress }) {
  return (
    <div data-testid="connect">
      <Tabs
        label="Clients"
        tabs={clientConfigs(server).map(({ id, label, hint, code }) => ({
          value: id,
          label,
          content: (
            <div className="space-y-2" data-testid={`config-${id}`}>
              <p className="text-sm text-ink-soft">{hint}</p>
              <CodeBlock label={`${label} configuration`} text={code} />
            </div>
          ),
        }))}
      />
    </div>
  );
}
