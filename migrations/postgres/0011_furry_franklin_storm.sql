CREATE TABLE "feeds" (
	"id" text PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"body" json NOT NULL,
	"held_document" text,
	"lease_until" bigint NOT NULL,
	"holder" text
);
