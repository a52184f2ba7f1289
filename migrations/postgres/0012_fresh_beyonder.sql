CREATE TABLE "site_revisions" (
	"site" integer NOT NULL,
	"number" integer NOT NULL,
	"seq" bigint NOT NULL,
	"published_at" bigint NOT NULL,
	"recorded_at" bigint NOT NULL,
	"author" text,
	"author_key" text,
	"added" integer NOT NULL,
	"removed" integer NOT NULL,
	"changed" integer NOT NULL,
	"digest" text NOT NULL,
	"chain" text NOT NULL,
	"reason" text,
	"overrides" json NOT NULL,
	"document" json NOT NULL,
	"transitions" json NOT NULL,
	CONSTRAINT "site_revisions_site_number_pk" PRIMARY KEY("site","number")
);
--> statement-breakpoint
CREATE TABLE "sites" (
	"id" integer PRIMARY KEY NOT NULL,
	"head" integer NOT NULL,
	"seq" bigint NOT NULL,
	"slug" text NOT NULL,
	"title" text NOT NULL,
	"catalogues" json NOT NULL,
	CONSTRAINT "sites_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "site" integer;--> statement-breakpoint
ALTER TABLE "site_revisions" ADD CONSTRAINT "site_revisions_site_sites_id_fk" FOREIGN KEY ("site") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "site_revisions_published" ON "site_revisions" USING btree ("site","published_at","number");--> statement-breakpoint
CREATE INDEX "sites_seq" ON "sites" USING btree ("seq");--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_site_sites_id_fk" FOREIGN KEY ("site") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "events_site" ON "events" USING btree ("site","seq") WHERE "events"."site" is not null;