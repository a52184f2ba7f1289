import type { GraphQLScalarType } from 'graphql'
import type { Context } from './reading/context.ts'
import type { Resolver, Resolvers, ResolversParentTypes } from './schema-types.ts'

/**
 * The resolvers of each object type, tied to the schema: a resolver with a wrong argument, source or result does not compile, and neither
 * does a type without the resolver of a field that its source does not answer by itself.
 */
export type FieldResolvers = { readonly [Type in ObjectType]: Needed<Type> & Possible<Type> }

/** Resolvers of some fields of one type. */
export type SomeResolvers<Type extends ObjectType, Field extends keyof FieldResolvers[Type]> = {
  readonly [T in Type]: Pick<FieldResolvers[T], Field>
}

/** The resolvers of the whole schema. Types whose sources answer all fields need none. */
export type AllResolvers = Pick<FieldResolvers, TypeInNeed> & Partial<FieldResolvers>

/** Scalars have no fields, and interfaces and unions have only `__resolveType`. */
type ObjectType = {
  [Type in keyof Resolvers]-?: NonNullable<Resolvers[Type]> extends GraphQLScalarType
    ? never
    : '__resolveType' extends keyof NonNullable<Resolvers[Type]>
      ? never
      : Type
}[keyof Resolvers]

type FieldsOf<Type extends ObjectType> = Required<Omit<NonNullable<Resolvers[Type]>, '__isTypeOf'>>

type Needed<Type extends ObjectType> = {
  readonly [Field in keyof FieldsOf<Type> as IsAnswered<Type, Field> extends true
    ? never
    : Field]: FieldsOf<Type>[Field]
}

type Possible<Type extends ObjectType> = {
  readonly [Field in keyof FieldsOf<Type> as IsAnswered<Type, Field> extends true
    ? Field
    : never]?: FieldsOf<Type>[Field]
}

type TypeInNeed = { [Type in ObjectType]: keyof Needed<Type> extends never ? never : Type }[ObjectType]

/** Whether the field takes no arguments, and what the source has under its name is what the field answers. */
type IsAnswered<Type extends ObjectType, Field extends keyof FieldsOf<Type>> =
  FieldsOf<Type>[Field] extends Resolver<infer Result, ResolversParentTypes[Type], Context, infer Args>
    ? Field extends AnyKey<ResolversParentTypes[Type]>
      ? [Args, Member<ResolversParentTypes[Type], Field>] extends [Record<PropertyKey, never>, Result]
        ? true
        : false
      : false
    : false

/** A key of any member of a union. */
type AnyKey<Source> = Source extends unknown ? keyof Source : never

/** What default resolution finds. A member of a union that lacks the key has nothing there. */
type Member<Source, Key> = Source extends unknown ? (Key extends keyof Source ? Source[Key] : undefined) : never
