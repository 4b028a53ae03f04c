namespace OrleansLb.Architecture.Tests;
