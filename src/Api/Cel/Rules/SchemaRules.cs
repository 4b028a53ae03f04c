using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Cel.Types;

namespace OrleansLb.Api.Cel.Rules;

/// <summary>
/// All <c>x-kubernetes-validations</c> of a structural schema, compiled once and evaluated wherever a value has the place that they speak of.
/// </summary>
public sealed class SchemaRules
{
    private readonly RuleNode? _root;

    private SchemaRules(RuleNode? root, ImmutableArray<RuleFault> faults)
    {
        _root = root;
        Faults = faults;
    }

    /// <summary>The rules that cannot be used; a definition that has any is not acceptable.</summary>
    public ImmutableArray<RuleFault> Faults { get; }

    /// <summary>True if there is nothing to evaluate.</summary>
    public bool IsEmpty => _root is null;

    /// <summary>Compiles the rules of a resource's schema: its root shows the fields that every resource has.</summary>
    public static SchemaRules Compile(JsonObject schema)
    {
        var faults = ImmutableArray.CreateBuilder<RuleFault>();
        var root = new RuleCompiler(faults).Node(schema, SchemaTypes.Of(schema, isResource: true), SchemaPlace.Root);
        return new(root, faults.ToImmutable());
    }

    /// <summary>Compiles and evaluates at once.</summary>
    public static IReadOnlyList<RuleViolation> Validate(JsonObject schema, JsonNode? value, JsonNode? oldValue) => Compile(schema).Validate(value, oldValue);

    /// <summary>Every rule that the value breaks, in the order of the schema. With no old value, transition rules are not evaluated.</summary>
    public IReadOnlyList<RuleViolation> Validate(JsonNode? value, JsonNode? oldValue)
    {
        var walk = new RuleWalk();
        if (_root is not null) walk.Visit(_root, value, oldValue, "");
        return walk.Violations;
    }
}
