import type { DeployConfig, DeployTarget } from "@/api/types";

/** Where a server can go beside being hosted here. */
export const PACKAGES = [
  {
    id: "zip",
    label: "Source",
    about: "The TypeScript project as a zip: build it, change it, keep it.",
  },
  {
    id: "mcpb",
    label: "Desktop bundle",
    about: "One .mcpb file that Claude Desktop installs with a click. It needs nothing else.",
  },
  {
    id: "npm",
    label: "npm package",
    about: "A package that npx runs, published with your token or as a tarball.",
  },
  {
    id: "docker",
    label: "Docker",
    about: "A build context with a multi-stage image that runs without root rights.",
  },
  {
    id: "cloudflare",
    label: "Your Cloudflare account",
    about:
      "A Worker of your own on workers.dev, with the credentials that this project has stored.",
  },
] as const;

export type PackageId = (typeof PACKAGES)[number]["id"];

/** Fields of the form; an empty text is one that was not given. */
export interface PackageForm {
  readonly packageName: string;
  readonly version: string;
  readonly license: string;
  readonly repository: string;
  readonly registry: string;
  readonly token: string;
  readonly image: string;
  readonly accountId: string;
  readonly apiToken: string;
  readonly scriptName: string;
}

export const EMPTY_FORM: PackageForm = {
  packageName: "",
  version: "",
  license: "",
  repository: "",
  registry: "",
  token: "",
  image: "",
  accountId: "",
  apiToken: "",
  scriptName: "",
};

export interface PackageRequest {
  readonly target: DeployTarget;
  readonly config: DeployConfig;
}

/** The request for one of the packages. */
export function requestFor(id: PackageId, form: PackageForm): PackageRequest {
  const given = <Key extends keyof PackageForm>(...keys: Key[]) =>
    Object.fromEntries(
      keys.map((key) => [key, form[key].trim()]).filter(([, value]) => value !== ""),
    );
  switch (id) {
    case "zip":
    case "mcpb":
      return { target: "download", config: { download: { format: id } } };
    case "docker":
      return { target: "docker", config: { docker: given("image") } };
    case "cloudflare":
      return {
        target: "cloudflare",
        config: {
          cloudflare: { accountId: "", ...given("accountId", "apiToken", "scriptName") },
        },
      };
    case "npm":
      return {
        target: "npm",
        config: {
          npm: given("packageName", "version", "license", "repository", "registry", "token"),
        },
      };
  }
}
