using OrleansLb.Api.Cel.Syntax;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel;

/// <summary>The macros that go through a list or the keys of a map.</summary>
internal sealed partial class Evaluation
{
    private CelValue Loop(CelNode.Comprehension loop, Scope? scope)
    {
        var range = Of(loop.Range, scope);
        if (range is not (CelList or CelMap)) return range is CelError ? range : CelValue.NoSuchOverload;
        var rounds = Rounds(loop, range, scope);
        return loop.Macro switch
        {
            MacroKind.All => Quantify(loop, rounds, decisive: false),
            MacroKind.Exists => Quantify(loop, rounds, decisive: true),
            MacroKind.ExistsOne => CountOne(loop, rounds),
            MacroKind.Filter => Filter(loop, rounds),
            MacroKind.TransformMap or MacroKind.TransformMapEntry => TransformMap(loop, rounds),
            _ => Transform(loop, rounds),
        };
    }

    /// <summary>The scope of each round: the item or the key; with two variables the index or the key, and the item.</summary>
    private static IEnumerable<Scope> Rounds(CelNode.Comprehension loop, CelValue range, Scope? outer)
    {
        if (range is CelMap map)
        {
            foreach (var key in map.Keys) yield return Round(loop, key, loop.Second is null ? null : map.Find(key), outer);
            yield break;
        }
        var list = (CelList)range;
        for (var i = 0; i < list.Count; i++)
            yield return loop.Second is null ? Round(loop, list[i], null, outer) : Round(loop, new CelInt(i), list[i], outer);
    }

    private static Scope Round(CelNode.Comprehension loop, CelValue first, CelValue? second, Scope? outer)
    {
        var scope = new Scope(loop.Variable, first, outer);
        return loop.Second is null ? scope : new(loop.Second, second ?? CelValue.Null, scope);
    }

    private CelValue Quantify(CelNode.Comprehension loop, IEnumerable<Scope> rounds, bool decisive)
    {
        CelValue result = CelValue.Of(!decisive);
        foreach (var round in rounds)
        {
            var value = Of(loop.Body, round);
            if (value is CelError { IsFinal: true }) return value;
            if (value is CelBool { Value: var flag })
            {
                if (flag == decisive) return value;
            }
            else if (result is not CelError) result = value is CelError ? value : CelValue.NoSuchOverload;
        }
        return result;
    }

    private CelValue CountOne(CelNode.Comprehension loop, IEnumerable<Scope> rounds)
    {
        var count = 0;
        foreach (var round in rounds)
        {
            if (Of(loop.Body, round) is var value && value is not CelBool) return value is CelError ? value : CelValue.NoSuchOverload;
            if (value == CelValue.True) count++;
        }
        return CelValue.Of(count == 1);
    }

    private CelValue Filter(CelNode.Comprehension loop, IEnumerable<Scope> rounds)
    {
        var kept = new List<CelValue>();
        foreach (var round in rounds)
        {
            if (Of(loop.Body, round) is var value && value is not CelBool) return value is CelError ? value : CelValue.NoSuchOverload;
            if (value == CelValue.True) kept.Add(round.Find(loop.Variable)!);
        }
        return new ValueList([.. kept]);
    }

    private CelValue Transform(CelNode.Comprehension loop, IEnumerable<Scope> rounds)
    {
        var made = new List<CelValue>();
        foreach (var round in rounds)
        {
            if (Admits(loop, round) is var admitted && admitted is not CelBool) return admitted;
            if (admitted == CelValue.False) continue;
            var value = Of(loop.Body, round);
            if (value is CelError) return value;
            made.Add(value);
        }
        return new ValueList([.. made]);
    }

    private CelValue TransformMap(CelNode.Comprehension loop, IEnumerable<Scope> rounds)
    {
        var made = new MapBuilder();
        foreach (var round in rounds)
        {
            if (Admits(loop, round) is var admitted && admitted is not CelBool) return admitted;
            if (admitted == CelValue.False) continue;
            if (Put(made, loop, round) is { } error) return error;
        }
        return made.Build();
    }

    private CelError? Put(MapBuilder made, CelNode.Comprehension loop, Scope round)
    {
        var value = Of(loop.Body, round);
        if (loop.Macro == MacroKind.TransformMap) return made.Add(round.Find(loop.Variable)!, value);
        if (value is not CelMap map) return value as CelError ?? CelValue.NoSuchOverload;
        foreach (var key in map.Keys)
            if (made.Add(key, map.Find(key)!) is { } error) return error;
        return null;
    }

    private CelValue Admits(CelNode.Comprehension loop, Scope round) => loop.Filter is null ? CelValue.True
        : Of(loop.Filter, round) is var value && value is CelBool or CelError ? value : CelValue.NoSuchOverload;
}
