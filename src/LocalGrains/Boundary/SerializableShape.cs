using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans;

namespace OrleansLb.LocalGrains.Boundary;

/// <summary>
/// How a type of ours must be made to cross a grain call: named on the wire, every member read-only and numbered, and nothing derived from it elsewhere.
/// </summary>
internal static class SerializableShape
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> FaultsOf(Type type)
    {
        var name = CrossingTypes.Name(type);
        if (!type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)) yield return $"{name} has no [GenerateSerializer].";
        if (!type.IsDefined(typeof(AliasAttribute), inherit: false)) yield return $"{name} has no [Alias].";
        if (!type.IsValueType && !type.IsSealed && !IsClosed(type)) yield return $"{name} is neither sealed nor closed by private constructors.";
        foreach (var field in Members(type))
        {
            if (!field.IsInitOnly) yield return $"{name}.{MemberName(field)} can be set.";
            if (!IsNumbered(type, field)) yield return $"{name}.{MemberName(field)} has no [Id], so it would not cross.";
        }
    }

    /// <summary>The types that a value of this type may be made of: its members', its base's, and those derived from it.</summary>
    public static IEnumerable<Type> Parts(Type type)
    {
        var members = Members(type).Select(field => field.FieldType);
        var bases = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? [parent] : Type.EmptyTypes;
        var derived = type.IsValueType || type.IsSealed ? [] : type.Assembly.GetTypes().Where(other => other.BaseType == type);
        return members.Concat(bases).Concat(derived);
    }

    private static IEnumerable<FieldInfo> Members(Type type) => type.GetFields(Declared).Where(field => !field.IsDefined(typeof(NonSerializedAttribute)));

    /// <summary>Whether only its own assembly can derive from it. A record's copy constructor makes no new kind.</summary>
    private static bool IsClosed(Type type) => type.GetConstructors(Declared).All(constructor =>
        constructor.IsPrivate || constructor.IsAssembly || constructor.IsFamilyAndAssembly
        || (constructor.GetParameters() is [var original] && original.ParameterType == type));

    private static bool IsNumbered(Type type, FieldInfo field) =>
        field.IsDefined(typeof(IdAttribute)) || type.GetProperty(MemberName(field), Declared)?.IsDefined(typeof(IdAttribute)) is true
            || IsOfPrimaryConstructor(type, field);

    /// <summary>The positional members of a record are numbered by their position, unless they say otherwise.</summary>
    private static bool IsOfPrimaryConstructor(Type type, FieldInfo field) =>
        (IsRecord(type) || type.GetCustomAttribute<GenerateSerializerAttribute>()?.IncludePrimaryConstructorParameters is true)
        && type.GetConstructors(Declared).Any(constructor => constructor.GetParameters().Any(parameter => parameter.Name == MemberName(field)));

    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Declared)?.IsDefined(typeof(CompilerGeneratedAttribute)) is true;

    private static string MemberName(FieldInfo field) => field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name;
}
