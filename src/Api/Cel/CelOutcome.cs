namespace OrleansLb.Api.Cel;

/// <summary>What became of a rule: it holds, it does not, or it could not be told.</summary>
public abstract record CelOutcome
{
    private CelOutcome()
    {
    }

    public sealed record True : CelOutcome;

    public sealed record False : CelOutcome;

    public sealed record Error(string Message) : CelOutcome;
}
