ALTER TABLE "events" ADD COLUMN "checksum" text;--> statement-breakpoint
ALTER TABLE "log" ADD COLUMN "checksum" text;--> statement-breakpoint
CREATE INDEX "events_unchecked" ON "events" USING btree ("seq") WHERE "events"."checksum" is null;