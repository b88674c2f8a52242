import { LoaderCircle } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/format";

const VARIANTS = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong border-transparent",
  secondary: "bg-surface text-ink border-control hover:bg-raised",
  ghost: "bg-transparent text-ink-soft border-transparent hover:bg-raised hover:text-ink",
  danger: "bg-surface text-bad border-bad hover:bg-bad-wash",
} as const;

const SIZES = {
  small: "h-8 px-2.5 text-[0.8125rem] gap-1.5",
  normal: "h-9.5 px-3.5 text-sm gap-2",
  icon: "size-8 justify-center",
} as const;

interface Look {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
}

/** The class names of a button, for links that look like one. */
export function buttonLook({ variant = "secondary", size = "normal" }: Look = {}): string {
  return cn(
    "inline-flex shrink-0 items-center rounded-lg border font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-55",
    VARIANTS[variant],
    SIZES[size],
  );
}

type ButtonProps = ComponentProps<"button"> &
  Look & {
    icon?: ReactNode;
    /** Shows a spinner and refuses clicks. */
    pending?: boolean;
  };

export function Button({
  variant,
  size,
  icon,
  pending = false,
  className,
  children,
  disabled,
  ...props
}: ButtonProps) {
  return (
    <button
      type="button"
      {...props}
      disabled={disabled || pending}
      className={cn(buttonLook({ ...(variant && { variant }), ...(size && { size }) }), className)}
    >
      {pending ? <LoaderCircle className="size-4 animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  );
}
