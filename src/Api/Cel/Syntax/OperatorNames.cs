namespace OrleansLb.Api.Cel.Syntax;

/// <summary>The names of the functions behind the operators, as CEL gives them and messages show them.</summary>
internal static class OperatorNames
{
    public const string Not = "!_";
    public const string Negate = "-_";
    public const string Index = "_[_]";
    public const string In = "@in";
    public const string Equal = "_==_";
    public const string NotEqual = "_!=_";

    public static string Of(string symbol) => symbol == "in" ? In : $"_{symbol}_";
}
