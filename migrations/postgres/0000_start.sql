CREATE TABLE "catalogues" (
	"id" integer PRIMARY KEY NOT NULL,
	"head" integer NOT NULL,
	"seq" bigint NOT NULL,
	"slug" text NOT NULL,
	"title" text NOT NULL,
	"vendor" text NOT NULL,
	"product" text NOT NULL,
	"version" text NOT NULL,
	CONSTRAINT "catalogues_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "endpoints" (
	"catalogue" integer NOT NULL,
	"since" integer NOT NULL,
	"place" integer NOT NULL,
	"until" integer NOT NULL,
	"from_at" bigint NOT NULL,
	"until_at" bigint,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"requirement" text NOT NULL,
	"lookup" "bytea" NOT NULL,
	"body" json,
	CONSTRAINT "endpoints_catalogue_since_place_pk" PRIMARY KEY("catalogue","since","place")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"catalogue" integer NOT NULL,
	"type" text NOT NULL,
	"id" text NOT NULL,
	"once" text,
	"occurred_at" bigint NOT NULL,
	"effective_at" bigint NOT NULL,
	"late_by_ms" bigint NOT NULL,
	"number" integer NOT NULL,
	"added" integer NOT NULL,
	"removed" integer NOT NULL,
	"changed" integer NOT NULL,
	"truncated" boolean NOT NULL,
	"label" text NOT NULL,
	"digest" text NOT NULL,
	"changes" json NOT NULL,
	CONSTRAINT "events_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text,
	"hash" text NOT NULL,
	"scopes" json NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint,
	"revoked_at" bigint
);
--> statement-breakpoint
CREATE TABLE "log" (
	"id" integer PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"version" bigint NOT NULL,
	"epoch" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"catalogue" integer NOT NULL,
	"since" integer NOT NULL,
	"keys" json NOT NULL,
	CONSTRAINT "orders_catalogue_since_pk" PRIMARY KEY("catalogue","since")
);
--> statement-breakpoint
CREATE TABLE "profiles" (
	"catalogue" integer NOT NULL,
	"since" integer NOT NULL,
	"body" json NOT NULL,
	CONSTRAINT "profiles_catalogue_since_pk" PRIMARY KEY("catalogue","since")
);
--> statement-breakpoint
CREATE TABLE "requirements" (
	"catalogue" integer NOT NULL,
	"since" integer NOT NULL,
	"until" integer NOT NULL,
	"key" text NOT NULL,
	"body" json NOT NULL,
	CONSTRAINT "requirements_catalogue_key_since_pk" PRIMARY KEY("catalogue","key","since")
);
--> statement-breakpoint
CREATE TABLE "revisions" (
	"catalogue" integer NOT NULL,
	"number" integer NOT NULL,
	"seq" bigint NOT NULL,
	"published_at" bigint NOT NULL,
	"recorded_at" bigint NOT NULL,
	"label" text NOT NULL,
	"author" text,
	"reconstructed" boolean NOT NULL,
	"added" integer NOT NULL,
	"removed" integer NOT NULL,
	"changed" integer NOT NULL,
	"digest" text NOT NULL,
	"chain" text NOT NULL,
	"summary" text NOT NULL,
	"reason" text,
	"overrides" json NOT NULL,
	"edition" json NOT NULL,
	"transitions" json NOT NULL,
	CONSTRAINT "revisions_catalogue_number_pk" PRIMARY KEY("catalogue","number")
);
--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_catalogue_catalogues_id_fk" FOREIGN KEY ("catalogue") REFERENCES "public"."catalogues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_catalogue_catalogues_id_fk" FOREIGN KEY ("catalogue") REFERENCES "public"."catalogues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "profiles" ADD CONSTRAINT "profiles_catalogue_catalogues_id_fk" FOREIGN KEY ("catalogue") REFERENCES "public"."catalogues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "requirements" ADD CONSTRAINT "requirements_catalogue_catalogues_id_fk" FOREIGN KEY ("catalogue") REFERENCES "public"."catalogues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_catalogue_catalogues_id_fk" FOREIGN KEY ("catalogue") REFERENCES "public"."catalogues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "endpoints_identity" ON "endpoints" USING btree ("catalogue","requirement","lookup","from_at","since");--> statement-breakpoint
CREATE INDEX "endpoints_lookup" ON "endpoints" USING btree ("lookup","catalogue");--> statement-breakpoint
CREATE INDEX "endpoints_until" ON "endpoints" USING btree ("catalogue","until") WHERE "endpoints"."until" < 2147483647;--> statement-breakpoint
CREATE INDEX "events_catalogue" ON "events" USING btree ("catalogue","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "events_once" ON "events" USING btree ("once") WHERE "events"."once" is not null;--> statement-breakpoint
CREATE INDEX "requirements_since" ON "requirements" USING btree ("catalogue","since");--> statement-breakpoint
CREATE INDEX "requirements_until" ON "requirements" USING btree ("catalogue","until") WHERE "requirements"."until" < 2147483647;--> statement-breakpoint
CREATE INDEX "revisions_published" ON "revisions" USING btree ("catalogue","published_at","number");--> statement-breakpoint
CREATE INDEX "revisions_label" ON "revisions" USING btree ("catalogue","label","number");--> statement-breakpoint
CREATE INDEX "revisions_seq" ON "revisions" USING btree ("catalogue","seq");