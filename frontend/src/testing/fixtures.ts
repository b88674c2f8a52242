import type {
  AnalysisResult,
  Deployment,
  DeploymentMetrics,
  DeployResult,
  LoggedCall,
  Project,
  TokenSummary,
  ToolDefinition,
} from "@/api/types";

export const analysis: AnalysisResult = {
  id: "a1",
  projectId: "p1",
  service: "Pocket Library",
  version: "1.0.0",
  description: null,
  servers: [{ url: "https://library.example/v1", description: null, variables: [] }],
  endpoints: [],
  authFlow: { schemes: [] },
  toolGroups: [],
  appCandidates: [],
  rateLimits: { headers: [], documents429: false, statements: [] },
  toolCount: 2,
  enabledToolCount: 1,
  tokens: { all: 200, enabled: 100 },
  diagnostics: [],
};

export const analysisWithKey: AnalysisResult = {
  ...analysis,
  authFlow: {
    schemes: [
      {
        id: "key",
        type: "apiKey",
        description: null,
        secrets: [{ name: "LIB_KEY", title: "API key", description: null }],
      },
    ],
  },
};

export const live: DeployResult = {
  target: "mcpengine",
  url: "http://pocket-library.localhost:8787",
  endpoint: "http://localhost:8787/s/pocket-library/mcp",
  status: "live",
  deploymentId: "d1",
  version: "1",
  access: "token",
  token: "secret-token",
  tools: 1,
  health: { passed: true, tools: 1, milliseconds: 20 },
  install: [],
  logs: ["one", "two"],
};

export const project: Project = {
  role: "owner",
  teamId: null,
  id: "p1",
  name: "Pocket Library",
  slug: "pocket-library",
  description: null,
  status: "deployed",
  specUrl: null,
  toolCount: 2,
  enabledToolCount: 1,
  server: null,
  createdAt: "2026-11-01T00:00:00Z",
  updatedAt: "2026-11-01T00:00:00Z",
};

export const tool: ToolDefinition = {
  key: "POST /books",
  name: "create_book",
  title: "Add a book",
  description: "Adds a book.",
  group: "books",
  method: "POST",
  path: "/books",
  inputSchema: {
    type: "object",
    required: ["title"],
    properties: {
      title: { type: "string", examples: ["Middlemarch"] },
      pages: { type: "integer" },
    },
  },
  outputSchema: null,
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: false,
    openWorldHint: false,
  },
  enabled: true,
  deprecated: false,
  tokens: 100,
};

export const deployment: Deployment = {
  id: "d2",
  projectId: "p1",
  target: "mcpengine",
  status: "live",
  access: "token",
  url: "http://pocket-library.localhost:8787",
  endpoint: "http://localhost:8787/s/pocket-library/mcp",
  version: "2",
  tools: 2,
  config: {
    baseUrl: "https://library.example/v1",
    variables: {},
    allowedHosts: ["library.example"],
    secrets: [],
  },
  logs: ["one", "two"],
  createdAt: "2026-11-02T00:00:00Z",
  stoppedAt: null,
};

export const token: TokenSummary = {
  id: "t1",
  name: "laptop",
  last4: "cafe",
  createdAt: "2026-11-01T00:00:00Z",
  lastUsedAt: null,
  revokedAt: null,
};

export const metrics: DeploymentMetrics = {
  since: "2026-11-02T00:00:00.000Z",
  total: { calls: 1_200, errors: 3, p50Ms: 10, p95Ms: 1_500, bytesOut: 2_048 },
  tools: [
    {
      name: "list_books",
      calls: 1_199,
      errors: 2,
      p50Ms: 10,
      p95Ms: 1_500,
      bytesOut: 2_000,
      lastError: "The API answered 500",
      lastErrorAt: "2026-11-02T00:00:00.000Z",
    },
    {
      name: "(unknown)",
      calls: 1,
      errors: 1,
      p50Ms: 5,
      p95Ms: 5,
      bytesOut: 48,
      lastError: null,
      lastErrorAt: null,
    },
  ],
  methods: [
    {
      name: "tools/list",
      calls: 7,
      errors: 0,
      p50Ms: 5,
      p95Ms: 5,
      bytesOut: 900,
      lastError: null,
      lastErrorAt: null,
    },
  ],
  series: [{ hour: "2026-11-02T00:00:00.000Z", calls: 1_200, errors: 3 }],
};

export const loggedCall: LoggedCall = {
  id: 1,
  at: "2026-11-02T00:00:00.000Z",
  method: "tools/call",
  tool: "list_books",
  outcome: "ok",
  durationMs: 8,
  bytesOut: 100,
  error: null,
};
