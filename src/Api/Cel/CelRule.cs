using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Cel.Syntax;
using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel;

/// <summary>A rule in the Common Expression Language about a value (<c>self</c>) and what it was before (<c>oldSelf</c>), parsed and checked.</summary>
public sealed class CelRule
{
    private const string Self = "self";
    private const string OldSelf = "oldSelf";

    private readonly CelNode _root;
    private readonly CelType _selfType;
    private readonly bool _isOldSelfOptional;

    private CelRule(CelNode root, CelType selfType, bool isOldSelfOptional)
    {
        _root = root;
        _selfType = selfType;
        _isOldSelfOptional = isOldSelfOptional;
    }

    /// <summary>True for a transition rule: it says something only when there is a value to compare with.</summary>
    public bool UsesOldSelf { get; private init; }

    /// <summary>The rule, or null and what is wrong with its text.</summary>
    public static CelRule? Compile(string text, out string? error) => Compile(text, CelType.Any, isOldSelfOptional: false, CelType.Bool, out error);

    /// <summary>The same for a value of a known type; an optional <c>oldSelf</c> may be absent and the rule still applies.</summary>
    internal static CelRule? Compile(string text, CelType self, bool isOldSelfOptional, CelType result, out string? error)
    {
        error = null;
        if (Parser.Parse(text, out var fault) is not { } root)
        {
            error = fault!.Show(text);
            return null;
        }
        var names = ImmutableDictionary<string, CelType>.Empty.Add(Self, self).Add(OldSelf, isOldSelfOptional ? CelType.OptionalOf(self) : self);
        var type = Checker.Check(root, names, out var faults, out var used);
        if (faults.Count > 0) error = string.Join('\n', faults.Select(found => found.Show(text)));
        else if (!result.Accepts(type)) error = $"must evaluate to a {result}";
        return error is null ? new CelRule(root, self, isOldSelfOptional) { UsesOldSelf = used.Contains(OldSelf) } : null;
    }

    /// <summary>Judges a value. Never throws, and ends within the budget of one rule.</summary>
    public CelOutcome Evaluate(JsonNode? self, JsonNode? oldSelf = null) => Value(self, oldSelf, new CostBudget(CostBudget.PerRule)) switch
    {
        CelBool { Value: true } => new CelOutcome.True(),
        CelBool { Value: false } => new CelOutcome.False(),
        CelError error => new CelOutcome.Error(error.Message),
        var other => new CelOutcome.Error($"rule evaluated to a {other.Kind.Name()}, not a bool"),
    };

    internal CelValue Value(JsonNode? self, JsonNode? oldSelf, CostBudget budget)
    {
        var scope = new Scope(Self, JsonValues.Read(self, _selfType));
        return Evaluation.Run(_root, WithOldSelf(scope, oldSelf), budget);
    }

    private Scope WithOldSelf(Scope scope, JsonNode? oldSelf)
    {
        var old = oldSelf is null ? null : JsonValues.Read(oldSelf, _selfType);
        if (_isOldSelfOptional) return new(OldSelf, new CelOptional(old), scope);
        return old is null ? scope : new(OldSelf, old, scope);
    }
}
