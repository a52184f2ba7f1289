ALTER TABLE "subscriptions" ADD COLUMN "creation_key" text;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "creation_digest" text;--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_creation" ON "subscriptions" USING btree ("owner","creation_key") WHERE "subscriptions"."creation_key" is not null;