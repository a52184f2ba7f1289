ALTER TABLE "log" ADD COLUMN "secret_key" text;--> statement-breakpoint
ALTER TABLE "revisions" ADD COLUMN "author_key" text;