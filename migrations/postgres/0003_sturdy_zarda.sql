ALTER TABLE "keys" ADD COLUMN "cidrs" json;--> statement-breakpoint
ALTER TABLE "keys" ADD COLUMN "last_used_at" bigint;--> statement-breakpoint
ALTER TABLE "keys" ADD COLUMN "previous_hash" text;--> statement-breakpoint
ALTER TABLE "keys" ADD COLUMN "previous_until" bigint;