import { Monitor, Moon, Sun } from "lucide-react";
import { useEffect } from "react";
import { createStore, useStore } from "@/lib/store";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

const ICONS = { system: Monitor, light: Sun, dark: Moon } as const;
const NAMES = { system: "the system's", light: "light", dark: "dark" } as const;

/** The key that the inline script of index.html reads before the first paint. */
const STORAGE_KEY = "theme";

const choice = createStore<Theme>(storedTheme());

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    // Storage can be forbidden; then the theme lasts as long as the page.
    return "system";
  }
}

function applyTheme(theme: Theme): void {
  const dark =
    theme === "dark" ||
    (theme === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  try {
    if (theme === "system") localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // See storedTheme.
  }
}

/** Goes through system, light and dark; follows the system while that is chosen. */
export function ThemeToggle({ className }: { className: string }) {
  const theme = useStore(choice);

  useEffect(() => {
    applyTheme(theme);
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const follow = () => applyTheme(choice.get());
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, [theme]);

  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  const Icon = ICONS[theme];
  return (
    <button
      type="button"
      data-testid="theme-toggle"
      data-theme-choice={theme}
      className={className}
      onClick={() => choice.set(next)}
      aria-label={`Theme: ${NAMES[theme]}. Change to ${NAMES[next]}.`}
    >
      <Icon className="size-5" aria-hidden />
      <span aria-hidden>Theme</span>
    </button>
  );
}
